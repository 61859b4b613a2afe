"""What each verb needs said: one table, verb → fields and action. Addresses and descriptions are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from handoffs import actions
from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.lifecycle import RETURN_REASONS, Verb
from handoffs.models import Handoff
from portal.api.fields import LARGEST_ID, Instant, Named, PriorityWord
from portal.api.people import (
    member_known_to,
    member_shared_with,
    team_known_to,
    team_of_own,
    team_shared_with,
    template_known_to,
    workspace_known_to,
)

VALUES = "Values by field, as the template's schema says."


class Nothing(serializers.Serializer[Any]):
    """No words are needed; a body is not looked at."""


class Text(serializers.CharField):
    """Words; whether they may be empty is the action's to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONG_TEXT_LIMIT, "allow_blank": True} | options)

    def to_internal_value(self, data: Any) -> str:
        """The words; a number is none, though the framework would take it for some."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def _team(**options: Any) -> Named:
    return Named(team_known_to, "team", help_text="Id of a team.", **options)


def _member(**options: Any) -> Named:
    return Named(member_known_to, "member", help_text="Id of a member of that team.", **options)


@extend_schema_field({"type": "string", "format": "binary"})
class Upload(serializers.FileField):
    """The bytes of a file; whether they may be none is the action's to say."""


class Draft(serializers.Serializer[Any]):
    """A new handoff, which you hold. What the template requires may still be filled in before it is offered."""

    workspace = Named(workspace_known_to, "workspace", help_text="Id of the workspace.")
    title = Text(max_length=200)
    summary = Text(required=False)
    priority = PriorityWord(required=False)
    template = Named(
        template_known_to, "template", required=False, allow_null=True, help_text="Id of a template, see `templates/`."
    )
    context = serializers.DictField(required=False, help_text=VALUES)  # type: ignore[assignment]
    from_team = Named(
        team_of_own, "team of yours", required=False, allow_null=True, help_text="Id of the team it comes from."
    )


class Edit(serializers.Serializer[Any]):
    """What is given is changed, the rest stays. A context value of null clears its field."""

    title = Text(max_length=200, required=False)
    summary = Text(required=False)
    priority = PriorityWord(required=False)
    context = serializers.DictField(required=False, help_text=VALUES)  # type: ignore[assignment]


class OfferTo(serializers.Serializer[Any]):
    """The receiver; without one the template's target team."""

    to_team = _team(required=False, allow_null=True)
    to_member = _member(required=False, allow_null=True)
    message = Text(required=False)


class TransferTo(serializers.Serializer[Any]):
    """The new receiver."""

    to_team = _team()
    to_member = _member(required=False, allow_null=True)
    message = Text(required=False)


class Reason(serializers.Serializer[Any]):
    """Why, in words."""

    reason = Text()


class ReturnReason(serializers.Serializer[Any]):
    """Why, in words and as a code for the figures."""

    reason = Text()
    reason_code = serializers.ChoiceField(choices=list(RETURN_REASONS), required=False)


class HoldUntil(serializers.Serializer[Any]):
    """Why, and until when."""

    reason = Text()
    until = Instant()


class Acceptance(serializers.Serializer[Any]):
    """Needed only where the template asks for it; `read_back_needed` says which facts. Otherwise no words are needed.

    What differs is asked about, and nothing is accepted: a 409 `read_back_differs`.
    """

    read_back = serializers.DictField(
        required=False, help_text="For the grade `full`: what you understood, by the key of each key fact."
    )
    facts_read = serializers.BooleanField(
        required=False, help_text="For the grade `one_tap`: true when you have read the key facts."
    )


class Body(serializers.Serializer[Any]):
    """The words themselves."""

    body = Text()


class Answer(serializers.Serializer[Any]):
    """The answer to one question."""

    question = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="Id of the question.")
    body = Text()


class NoteBody(serializers.Serializer[Any]):
    """A note, for everyone or for the organization's own people."""

    body = Text()
    internal = serializers.BooleanField(required=False)


def given_field(help_text: str) -> serializers.DictField:
    """Values by step and by field."""
    return serializers.DictField(child=serializers.DictField(), required=False, help_text=help_text)


class Result(serializers.Serializer[Any]):
    """What the receiver delivers; for a step of a case also what the next steps ask of their giver."""

    result = serializers.DictField(required=False, help_text=VALUES)
    given = given_field("For a step of a case: what the next steps ask, by step and field.")


class Tick(serializers.Serializer[Any]):
    """A checklist item by its key; `done: false` takes the tick away."""

    item = Text(max_length=40)
    done = serializers.BooleanField(required=False)


class LinkTo(serializers.Serializer[Any]):
    """An http(s) address."""

    url = Text(max_length=2000)
    label = Text(max_length=200, required=False)  # type: ignore[assignment]
    internal = serializers.BooleanField(required=False)


class Attachment(serializers.Serializer[Any]):
    """A file, as multipart/form-data; its own name is kept unless another is given."""

    file = Upload(allow_empty_file=True)
    name = Text(max_length=200, required=False)
    slot = Text(max_length=40, required=False, help_text="Key of the template's place for it.")
    internal = serializers.BooleanField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Names the document."""
        return {**given, "name": given.get("name") or given["file"].name}


class ShareWith(serializers.Serializer[Any]):
    """A team or a member, one of the two."""

    team = Named(team_known_to, "team", required=False, allow_null=True, help_text="Id of a team.")
    member = Named(member_known_to, "member", required=False, allow_null=True, help_text="Id of a member.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Whichever was given."""
        chosen = [each for each in given.values() if each is not None]
        if len(chosen) != 1:
            raise serializers.ValidationError({"team": ["Give either a team or a member."]})
        return {"to": chosen[0]}


class UnshareWith(ShareWith):
    """A team or a member, one of the two; those who cannot act any more too."""

    team = Named(team_shared_with, "team", required=False, allow_null=True, help_text="Id of a team.")
    member = Named(member_shared_with, "member", required=False, allow_null=True, help_text="Id of a member.")


@dataclass(frozen=True)
class Deed:
    """What one verb needs said, and the action that does it."""

    action: Callable[..., Handoff]
    words: type[serializers.Serializer[Any]] = Nothing


DEEDS: Mapping[Verb, Deed] = {
    Verb.EDIT: Deed(actions.edit, Edit),
    Verb.OFFER: Deed(actions.offer, OfferTo),
    Verb.PLAN: Deed(actions.plan, OfferTo),
    Verb.UNPLAN: Deed(actions.unplan),
    Verb.PASS_ON: Deed(actions.pass_on, TransferTo),
    Verb.HAND_BACK: Deed(actions.hand_back, ReturnReason),
    Verb.REDIRECT: Deed(actions.redirect, TransferTo),
    Verb.WITHDRAW: Deed(actions.withdraw),
    Verb.VIEW: Deed(actions.view),
    Verb.ASK: Deed(actions.ask, Body),
    Verb.ANSWER: Deed(actions.answer, Answer),
    Verb.ACCEPT: Deed(actions.accept, Acceptance),
    Verb.RETURN: Deed(actions.return_, ReturnReason),
    Verb.START: Deed(actions.start),
    Verb.HOLD: Deed(actions.hold, HoldUntil),
    Verb.RESUME: Deed(actions.resume),
    Verb.COMPLETE: Deed(actions.complete, Result),
    Verb.REOPEN: Deed(actions.reopen, Reason),
    Verb.CANCEL: Deed(actions.cancel, Reason),
    Verb.TAKE_OVER: Deed(actions.take_over, Reason),
    Verb.NOTE: Deed(actions.note, NoteBody),
    Verb.ATTACH: Deed(actions.attach, Attachment),
    Verb.TICK: Deed(actions.tick, Tick),
    Verb.NUDGE: Deed(actions.nudge),
    Verb.LINK: Deed(actions.link, LinkTo),
    Verb.SHARE: Deed(actions.share, ShareWith),
    Verb.UNSHARE: Deed(actions.unshare, UnshareWith),
}
