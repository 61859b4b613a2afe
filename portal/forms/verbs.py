"""The form of each verb: the words it needs, and nothing for those that need none."""

from collections.abc import Mapping
from typing import Any

from django import forms

from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.definition.specification import specification
from handoffs.lifecycle import RETURN_REASONS, Verb
from handoffs.models import Handoff, Priority, Side
from portal.forms.base import ActionForm
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.specification import SpecifiedForm, initial_of, known_people, needs_people
from tenants.models import Member, Role


def _words(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )


class VerbForm(ActionForm):
    """A verb without words; the base of those with them."""

    needs_words = False

    def __init__(self, *given: Any, handoff: Handoff, member: Member, **options: Any) -> None:
        super().__init__(*given, **options)
        self.handoff = handoff
        self.member = member
        self.prepare()

    def prepare(self) -> None:
        """Fits the fields to the handoff and its reader."""


class WordsForm(VerbForm):
    """A verb that needs words."""

    needs_words = True


class ReceiverForm(WordsForm):
    """To whom, and a message for them."""

    names = {"to_team": "receiver", "to_member": "receiver"}
    message = _words("Message", required=False)

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
    """An offer goes to the template's team unless somebody else is chosen."""

    def suggested(self) -> str:
        """The receiver of the last offer, else the template's team."""
        last = self.handoff.offers.order_by("-seq").first()
        if last is not None:
            return f"{last.to_team_id}.{last.to_member_id}" if last.to_member_id else f"{last.to_team_id}"
        version = self.handoff.template_version
        return f"{version.target_team_id}" if version and version.target_team_id else ""


class ReasonForm(WordsForm):
    """A reason in words."""

    reason = _words("Reason")


class ReturnForm(WordsForm):
    """A reason to choose, for the figures, and one in words, for people."""

    reason_code = forms.ChoiceField(label="What kind of reason", choices=[("", "Choose…"), *RETURN_REASONS.items()])
    reason = _words("What has to change", help_text="The sender sees this and can mend it.")


class HoldForm(ReasonForm):
    """A reason, and when work goes on by itself."""

    until = forms.DateTimeField(
        label="Until",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="In your own time zone. It resumes by itself then.",
    )


class AskForm(WordsForm):
    """A question."""

    question = _words("Your question")

    def words(self) -> dict[str, Any]:
        """The question is the body."""
        return {"body": self.cleaned_data["question"]}


class AnswerForm(WordsForm):
    """The answer to one question."""

    question = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    answer = _words("Your answer")

    def words(self) -> dict[str, Any]:
        """Which question, and the body."""
        return {"question": self.cleaned_data["question"], "body": self.cleaned_data["answer"]}


class InternalForm(WordsForm):
    """Something that may be kept from clients; clients are not asked."""

    internal = forms.BooleanField(label="Internal: clients never see it", required=False)

    def prepare(self) -> None:
        """A client cannot put something where they could not see it."""
        if self.member.role == Role.CLIENT:
            del self.fields["internal"]


class NoteForm(InternalForm):
    """A note."""

    note = _words("Note")
    field_order = ["note", "internal"]

    def words(self) -> dict[str, Any]:
        """The note is the body."""
        return {"body": self.cleaned_data["note"], "internal": self.cleaned_data.get("internal", False)}


class LinkForm(InternalForm):
    """An address and what to call it."""

    url = forms.CharField(label="Address", max_length=2000, widget=forms.URLInput)
    label = forms.CharField(label="What it is", max_length=200, required=False)
    field_order = ["url", "label", "internal"]


class AttachForm(InternalForm):
    """A file, and for which place it is."""

    names = {"name": "file"}
    file = forms.FileField(label="File", max_length=200, allow_empty_file=True)
    slot = forms.ChoiceField(label="As", required=False)
    field_order = ["file", "slot", "internal"]

    def prepare(self) -> None:
        """The template's places, without the internal ones for a client."""
        super().prepare()
        client = self.member.role == Role.CLIENT
        slots = specification(self.handoff.template_version).slots
        choices = [(slot.key, slot.label) for slot in slots if not (client and slot.internal)]
        if choices:
            self.fields["slot"].choices = [("", "Something else"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["slot"]

    def words(self) -> dict[str, Any]:
        """The file under its own name."""
        file = self.cleaned_data["file"]
        return {
            "file": file,
            "name": file.name,
            "slot": self.cleaned_data.get("slot", ""),
            "internal": self.cleaned_data.get("internal", False),
        }


class TickForm(VerbForm):
    """Which item, and whether it is done."""

    item = forms.CharField(max_length=40)
    done = forms.TypedChoiceField(choices=[("1", "done"), ("0", "not done")], coerce=lambda value: value == "1")


class EditForm(SpecifiedForm, WordsForm):
    """What has not been handed over yet."""

    part = "context"
    title = forms.CharField(max_length=200)
    summary = _words("Summary", required=False, help_text="What the receiver should know first.")
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
        own = {name: self.cleaned_data[name] for name in ("title", "summary", "priority")}
        return {**own, "context": self.values()}


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


FORMS: Mapping[Verb, type[VerbForm]] = {
    Verb.EDIT: EditForm,
    Verb.OFFER: OfferForm,
    Verb.PASS_ON: ReceiverForm,
    Verb.HAND_BACK: ReturnForm,
    Verb.REDIRECT: ReceiverForm,
    Verb.RETURN: ReturnForm,
    Verb.ASK: AskForm,
    Verb.ANSWER: AnswerForm,
    Verb.HOLD: HoldForm,
    Verb.COMPLETE: CompleteForm,
    Verb.REOPEN: ReasonForm,
    Verb.CANCEL: ReasonForm,
    Verb.TAKE_OVER: ReasonForm,
    Verb.NOTE: NoteForm,
    Verb.ATTACH: AttachForm,
    Verb.LINK: LinkForm,
    Verb.TICK: TickForm,
}


def form_of(verb: Verb, handoff: Handoff) -> type[VerbForm]:
    """The form this verb needs on this handoff; completing needs none where no result is asked for."""
    if verb is Verb.COMPLETE and not specification(handoff.template_version).side(Side.RECEIVER):
        return VerbForm
    return FORMS.get(verb, VerbForm)
