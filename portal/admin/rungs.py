"""Rungs: the levels of a ladder as they are written in the admin, and in words."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from handoffs.delivery.channels import CHANNELS
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.models import Rung
from portal.admin.base import Blocks
from portal.admin.fields import WhenField
from portal.admin.marks import column
from portal.forms.words import write_when

TOLD = {
    Audience.RECEIVERS: "the receivers",
    Audience.CUSTODIAN: "whoever answers for it",
    Audience.SENDER: "the sender",
    Audience.RECEIVING_LEAD: "the receiving lead",
    Audience.SENDING_LEAD: "the sending lead",
    Audience.MANAGERS: "the workspace's managers",
}


CHANNELS_NAMED = {"mail": "e-mail"}
NAMED = ("member", "team")
MOST = 100  # rungs on one page


def rung_in_words(rung: Rung) -> str:
    """`At 100 %: tell the receivers and the sender; redirect to the backup team.`"""
    people = [TOLD[Audience(name)] for name in rung.audience]
    people += [str(named) for named in (rung.member, rung.team) if named]
    told = people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]}" if people else "nobody"
    return f"{write_when(rung.share, rung.offset)}: tell {told}{_more(rung)}"


def _more(rung: Rung) -> str:
    """What a rung does beside telling people, and how."""
    named = " and ".join(CHANNELS_NAMED.get(name, name) for name in rung.channels)
    by_channel = f" by {named}" if named else ""
    quiet = ", in quiet hours too" if rung.breaks_quiet else ""
    priority = "; raise the priority" if rung.raises_priority else ""
    target = rung.redirect_to.name if rung.redirect_to else "the backup team" if rung.redirects else ""
    return by_channel + quiet + priority + (f"; redirect to {target}" if target else "")


class RungForm(forms.ModelForm[Rung]):
    """A rung in words."""

    when = WhenField(
        max_length=60, help_text="A share of the time, like 50 %, or working time, like 30 m before or 1 h after."
    )
    audience = forms.MultipleChoiceField(
        choices=[(str(who), told.capitalize()) for who, told in TOLD.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label="Tell",
        required=False,
    )
    channels = forms.MultipleChoiceField(
        choices=[(name, CHANNELS_NAMED.get(name, name).capitalize()) for name in CHANNELS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label="Only by",
        required=False,
        help_text="None: by what each person chose. A notice in the portal is always there.",
    )

    class Meta:
        model = Rung
        fields = ("audience", *NAMED, "breaks_quiet", "raises_priority", "redirects", "redirect_to")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self.instance.pk and "when" in self.fields:
            self.fields["when"].initial = write_when(self.instance.share, self.instance.offset)

    def _post_clean(self) -> None:
        """The action judges the rung: it is built there, from what this form cleaned."""


class RungBlocks(Blocks):
    """The rungs from the first to the last."""

    model = Rung
    form = RungForm
    fields = ("when", "audience", NAMED, "channels", ("breaks_quiet", "raises_priority"), ("redirects", "redirect_to"))
    verbose_name_plural = "rungs"
    hide_title = True
    ordering = ("position",)
    can_delete = True
    max_num = MOST

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """A count of rungs that nobody means must not draw a page of that many."""
        return super().get_formset(request, obj, absolute_max=MOST, **options)

    @column("When")
    def when(self, rung: Rung) -> str:
        """In words, where it is only read."""
        return write_when(rung.share, rung.offset)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_add_permission(request, obj) and is_newest(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_change_permission(request, obj) and is_newest(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_delete_permission(request, obj) and is_newest(obj)


def is_newest(ladder: Any) -> bool:
    """Not known of a ladder that is being made."""
    return ladder is None or getattr(ladder, "is_newest", True)


def is_kept(formset: Any, line: Any) -> bool:
    """Whether this line of the form is a rung: neither taken away nor left empty."""
    return line not in formset.deleted_forms and (line.instance.pk is not None or line.has_changed())


def spec_of(line: Any) -> RungSpec:
    """What the line asks for."""
    given = line.cleaned_data
    named = {f"{name}_id": given[name].pk if given[name] else None for name in (*NAMED, "redirect_to")}
    return RungSpec(
        given["when"],
        tuple(Audience(name) for name in given["audience"]),
        redirects=given["redirects"],
        raises_priority=given["raises_priority"],
        breaks_quiet=given["breaks_quiet"],
        channels=tuple(given["channels"]),
        **named,
    )
