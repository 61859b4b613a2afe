"""With whom a handoff may be shared, and with whom it is: teams and people as one list to choose from."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from handoffs.models import Handoff
from handoffs.sharing import sharing_of
from portal.forms.verb import WordsForm
from tenants.models import Kind, Member, Role, Team

Sharer = Team | Member


class SharerField(forms.ChoiceField):
    """A team or a member. The list shows whom it makes sense to choose; doing it twice is no mistake, so all count."""

    def __init__(self, shown: Callable[[], Iterable[Sharer]], reader: Member, **given: Any) -> None:
        self.reader = reader
        super().__init__(choices=lambda: _lines(shown()), **given)

    def clean(self, value: Any) -> Any:
        """The team or member behind the key, None when nothing was chosen."""
        return _find(super().clean(value), self.reader)

    def valid_value(self, value: str) -> bool:
        """Is there anybody of this key in the organization?"""
        return _find(value, self.reader) is not None


class ShareForm(WordsForm):
    """With whom; those who have been chosen already are not shown."""

    def prepare(self) -> None:
        """Everybody of the organization who may be let in here."""
        self.fields["to"] = SharerField(
            lambda: could_see(self.handoff, self.member),
            self.member,
            label="Share with",
            help_text="They see it and may add to it, but cannot take it or move it on. They are told.",
        )


class UnshareForm(WordsForm):
    """With whom no longer."""

    def prepare(self) -> None:
        """Everybody it is shared with."""
        self.fields["to"] = SharerField(
            lambda: sharing_of(self.handoff, self.member).everybody, self.member, label="Stop sharing with"
        )


def key_of(sharer: Sharer) -> str:
    """How a form names a team or a member."""
    return f"{'team' if isinstance(sharer, Team) else 'member'}-{sharer.pk}"


def could_see(handoff: Handoff, reader: Member) -> list[Sharer]:
    """Open teams and able members with whom it is not shared yet; clients where their workspace is meant for them.

    A client, who shares nothing, is shown nobody.
    """
    if reader.role == Role.CLIENT:
        return []
    home = {"organization_id": handoff.organization_id}
    teams = Team.objects.filter(**home, closed_at=None).order_by("name")
    people = Member.objects.able().filter(**home).exclude(kind=Kind.SYSTEM).exclude(pk=reader.pk)
    if not handoff.workspace.is_client:
        teams, people = teams.exclude(kind=Team.Kind.CLIENT), people.exclude(role=Role.CLIENT)
    shared = set(map(key_of, sharing_of(handoff, reader).everybody))
    found: list[Sharer] = [*teams, *people.order_by("name", "id")]
    return [each for each in found if key_of(each) not in shared]


def _lines(everybody: Iterable[Sharer]) -> list[Any]:
    """The choices: nothing chosen, then teams, then people."""
    found = list(everybody)
    teams = [(key_of(each), each.name) for each in found if isinstance(each, Team)]
    people = [(key_of(each), each.name) for each in found if isinstance(each, Member)]
    groups = [(title, lines) for title, lines in (("Teams", teams), ("People", people)) if lines]
    return [("", "Choose a team or a person"), *groups]


def _find(key: str, reader: Member) -> Sharer | None:
    """Whoever is named by this key in the reader's organization."""
    kind, _, digits = key.partition("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        return None
    here: dict[str, Any] = {"organization_id": reader.organization_id, "pk": int(digits)}
    if kind == "team":
        return Team.objects.filter(**here).first()
    return Member.objects.filter(**here).select_related("user").first() if kind == "member" else None
