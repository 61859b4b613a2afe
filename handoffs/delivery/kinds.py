"""What people choose between: the verbs that are told, in a handful of kinds that a person understands. Plain data."""

from collections.abc import Mapping
from enum import StrEnum

from handoffs.lifecycle import Verb


class Kind(StrEnum):
    """What a message is about, as people choose."""

    OFFERS = "offers"
    QUESTIONS = "questions"
    PROGRESS = "progress"
    NOTES = "notes"
    ALARMS = "alarms"

    @property
    def label(self) -> str:
        """The kind's name on a form."""
        return LABELS[self][0]

    @property
    def explained(self) -> str:
        """One line more."""
        return LABELS[self][1]

    @property
    def plainly(self) -> str:
        """The name where it is nobody's in particular, as for a chat room."""
        return {"offers": "Offers", "progress": "Work moved on"}.get(self.value, self.label)


class Pace(StrEnum):
    """How soon somebody wants to be told by one channel."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"

    @property
    def label(self) -> str:
        """The choice as a form words it."""
        return {"at_once": "At once", "digest": "In a digest", "never": "Not"}[self.value]


LABELS: Mapping[Kind, tuple[str, str]] = {
    Kind.OFFERS: (
        "Offered to me or my team",
        "Something waits for you, is redirected or withdrawn, or somebody nudges.",
    ),
    Kind.QUESTIONS: ("Questions and answers", "You are asked, or what you asked is answered."),
    Kind.PROGRESS: ("My work moved on", "Accepted, returned, on hold, completed, cancelled or taken over."),
    Kind.NOTES: (
        "Notes",
        "A note on what you sent or answer for, one that mentions you, something shared with you.",
    ),
    Kind.ALARMS: ("Alarms", "The time is running out, or is over."),
}

# A verb that is told and stands here nowhere counts as progress.
KIND_OF: Mapping[Verb, Kind] = {
    Verb.OFFER: Kind.OFFERS,
    Verb.PASS_ON: Kind.OFFERS,
    Verb.HAND_BACK: Kind.OFFERS,
    Verb.REOPEN: Kind.OFFERS,
    Verb.REDIRECT: Kind.OFFERS,
    Verb.WITHDRAW: Kind.OFFERS,
    Verb.NUDGE: Kind.OFFERS,
    Verb.SHARE: Kind.NOTES,
    Verb.ASK: Kind.QUESTIONS,
    Verb.ANSWER: Kind.QUESTIONS,
    Verb.UNPLAN: Kind.PROGRESS,
    Verb.ACCEPT: Kind.PROGRESS,
    Verb.RETURN: Kind.PROGRESS,
    Verb.HOLD: Kind.PROGRESS,
    Verb.RESUME: Kind.PROGRESS,
    Verb.COMPLETE: Kind.PROGRESS,
    Verb.CANCEL: Kind.PROGRESS,
    Verb.TAKE_OVER: Kind.PROGRESS,
    Verb.NOTE: Kind.NOTES,
    Verb.ESCALATE: Kind.ALARMS,
}

# An alarm that can be switched off is none.
FIXED = frozenset({Kind.ALARMS})


def kind_of(verb: str) -> Kind:
    """The kind of what is told of this verb."""
    return KIND_OF.get(Verb(verb), Kind.PROGRESS)
