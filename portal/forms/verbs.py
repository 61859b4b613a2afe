"""The form of each verb: the words it needs, and nothing for those that need none."""

from typing import Any

from django import forms
from django.utils import timezone

from handoffs.actions.plan import opens_at
from handoffs.definition.specification import specification
from handoffs.lifecycle import RETURN_REASONS
from handoffs.models import Priority, Side
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.specification import SpecifiedForm, initial_of, known_people, needs_people
from portal.forms.verb import WordsForm, long_words
from tenants.models import Role


class ReceiverForm(WordsForm):
    """To whom, and a message for them."""

    names = {"to_team": "receiver", "to_member": "receiver"}
    message = long_words("Message", required=False)

    def prepare(self) -> None:
        """Offers everyone who may receive here but those who answer for it now."""
        offer = self.handoff.open_offer
        giver = offer.giver_id if offer else self.handoff.custodian_id
        self.fields["receiver"] = ReceiverField(
            Receivers(self.handoff.workspace, leave_out={giver}), label="To", initial=self.suggested()
        )
        self.order_fields(["receiver"])

    def suggested(self) -> str:
        """Who is chosen to begin with."""
        return ""

    def words(self) -> dict[str, Any]:
        """The receiver as team and person."""
        team, member = self.cleaned_data["receiver"]
        return {"to_team": team, "to_member": member, "message": self.cleaned_data["message"]}


class OfferForm(ReceiverForm):
    """An offer goes to the template's team unless somebody else is chosen: now, or when its receiver opens."""

    when = forms.ChoiceField(
        choices=[("now", "Now"), ("open", "When they open next, if they are closed now")],
        initial="now",
        required=False,
        widget=forms.RadioSelect,
        help_text="Until it is offered it stays with you, and no time runs for them.",
    )

    def prepare(self) -> None:
        """As planned, where it was."""
        super().prepare()
        self.order_fields(["receiver", "message", "when"])
        # Something is always chosen; only who sends without this page may leave it out, and means now.
        self.fields["when"].required = not self.is_bound
        if self.handoff.planned_at is not None:
            self.initial = {**self.initial, "when": "open", "message": self.handoff.planned_message}

    @property
    def waits(self) -> bool:
        """Whether it is to be offered when its receiver opens, and that is not now."""
        team, member = self.cleaned_data["receiver"]
        return self.cleaned_data["when"] == "open" and opens_at(team, member, timezone.now()) is not None

    def suggested(self) -> str:
        """The receiver that was planned or of the last offer, else the template's team."""
        if self.handoff.planned_team_id:
            member = self.handoff.planned_member_id
            return f"{self.handoff.planned_team_id}.{member}" if member else f"{self.handoff.planned_team_id}"
        last = self.handoff.offers.order_by("-seq").first()
        if last is not None:
            return f"{last.to_team_id}.{last.to_member_id}" if last.to_member_id else f"{last.to_team_id}"
        version = self.handoff.template_version
        return f"{version.target_team_id}" if version and version.target_team_id else ""


class ReasonForm(WordsForm):
    """A reason in words."""

    reason = long_words("Reason")


class ReturnForm(WordsForm):
    """A reason to choose, for the figures, and one in words, for people."""

    reason_code = forms.ChoiceField(label="What kind of reason", choices=[("", "Choose…"), *RETURN_REASONS.items()])
    reason = long_words("What has to change", help_text="The sender sees this and can mend it.")


class HoldForm(ReasonForm):
    """A reason, and when work goes on by itself."""

    until = forms.DateTimeField(
        label="Until",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="In your own time zone. It resumes by itself then.",
    )


class EditForm(SpecifiedForm, WordsForm):
    """What has not been handed over yet."""

    part = "context"
    own_words = ("title", "summary", "priority")
    title = forms.CharField(max_length=200)
    summary = long_words("Summary", required=False, help_text="What the receiver should know first.")
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=lambda value: Priority(int(value)))

    def prepare(self) -> None:
        """The fields as they stand."""
        internal = self.member.role != Role.CLIENT
        fields = specification(self.handoff.template_version).side(Side.SENDER, internal=internal)
        self.specify(fields, known_people(self.member, self.handoff.workspace) if needs_people(fields) else [])
        handoff = self.handoff
        self.initial = {"title": handoff.title, "summary": handoff.summary, "priority": handoff.priority} | {
            f"context-{field.key}": initial_of(field, handoff.context.get(field.key)) for field in fields
        }

    def words(self) -> dict[str, Any]:
        """The form's own words and the context."""
        return {**{name: self.cleaned_data[name] for name in self.own_words}, "context": self.values()}


class CompleteForm(SpecifiedForm, WordsForm):
    """The result, as the template asks for it."""

    part = "result"
    may_lack = False

    def prepare(self) -> None:
        """The fields of the receiver's side."""
        internal = self.member.role != Role.CLIENT
        fields = specification(self.handoff.template_version).side(Side.RECEIVER, internal=internal)
        self.specify(fields, known_people(self.member, self.handoff.workspace) if needs_people(fields) else [])
        result = self.handoff.result
        self.initial = {f"result-{field.key}": initial_of(field, result.get(field.key)) for field in fields}

    def words(self) -> dict[str, Any]:
        """The result."""
        return {"result": self.values()}
