"""Somebody leaves: what that ends, what they hold, and who takes it over."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.person import PersonField
from tenants.models import Member, Role
from tenants.models.member import MemberQuerySet


def possible_successors(member: Member) -> MemberQuerySet:
    """Everybody of the organization's own people who could take over."""
    able = Member.objects.able().people().filter(organization_id=member.organization_id)
    return able.exclude(pk=member.pk).exclude(role__in=[Role.VIEWER, Role.CLIENT])


class LeaveForm(ActionForm):
    """Who takes over what the member answers for, out of a list; nothing to say where they hold nothing."""

    successor = forms.ModelChoiceField(
        queryset=Member.objects.none(),
        required=False,
        label="Who takes over",
        empty_label="Choose who takes over",
        help_text="They answer for it from now on, and are told.",
    )

    def __init__(self, *given: Any, member: Member, held: int) -> None:
        super().__init__(*given)
        successor: Any = self.fields["successor"]
        successor.queryset = possible_successors(member)
        if not held:
            del self.fields["successor"]


class LeaveByNameForm(ActionForm):
    """The same, with the successor named by typing: an organization may be larger than a list of choices."""

    successor = PersonField(
        label="Who takes over",
        error_messages={"required": "Say who takes over."},
        help_text="Their e-mail address, or their name. They answer for it from now on, and are told.",
    )

    def __init__(self, *given: Any, member: Member, held: int) -> None:
        super().__init__(*given)
        successor: Any = self.fields["successor"]
        successor.among(possible_successors(member))
        if not held:
            del self.fields["successor"]


def told(member: Member, held: int, reserved: int) -> str:
    """What leaving ends, and how much the member has in hand."""
    sentences = ["Teams, grants and API tokens end with it; what they did stays on record."]
    if held:
        sentences.append(f"{member.name} answers for {held} handoff{'s' if held > 1 else ''}.")
    if reserved:
        sentences.append(f"{reserved} offer{'s' if reserved > 1 else ''} to them alone will be open to the whole team.")
    return " ".join(sentences)
