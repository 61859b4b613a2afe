"""The rulebook: states, verbs, and who may do what from where, as plain data. No Django in here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where the work stands."""

    DRAFT = "draft"
    OFFERED = "offered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    STARTED = "started"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class OfferState(StrEnum):
    """Where one attempt to transfer the work stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Party(StrEnum):
    """What a member is to one handoff at one instant. A member can be several at once."""

    AUTHOR = "those who may send here"
    CUSTODIAN = "the custodian"
    SENDER = "the first sender"
    RECEIVER = "a possible receiver"
    RECEIVING_LEAD = "the receiving lead"
    LEAD = "the team lead"
    COORDINATOR = "a workspace manager"
    ASKED = "the asked side"
    PARTICIPANT = "anyone on the handoff but viewers"
    SHARER = "the organization's own custodian or workspace manager"
    SYSTEM = "the system"


class Verb(StrEnum):
    """Everything that can happen to a handoff. File, function, address, event and button share the name."""

    DRAFT = "draft"
    EDIT = "edit"
    OFFER = "offer"
    PLAN = "plan"
    UNPLAN = "unplan"
    PASS_ON = "pass_on"
    HAND_BACK = "hand_back"
    REDIRECT = "redirect"
    WITHDRAW = "withdraw"
    VIEW = "view"
    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    RETURN = "return"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CANCEL = "cancel"
    TAKE_OVER = "take_over"
    NOTE = "note"
    ATTACH = "attach"
    TICK = "tick"
    NUDGE = "nudge"
    LINK = "link"
    SHARE = "share"
    UNSHARE = "unshare"
    ESCALATE = "escalate"
    RECOMPUTE = "recompute"

    @property
    def label(self) -> str:
        return RULES[self].label


class Landing(StrEnum):
    """Landings that depend on where the verb set out from."""

    SAME = "same"
    DRAFT_IF_OFFERED = "draft if not accepted yet, else same"
    RETURNED_IF_OFFERED = "returned if not accepted yet, else same"
    BEFORE_HOLD = "the state before the hold"


class Reason(StrEnum):
    """Why the rulebook says no."""

    STATE = "not_in_this_state"
    NO_OFFER = "no_open_offer"
    OFFER_OPEN = "offer_is_open"
    NOT_YOURS = "not_yours"


# Why an offer comes back: code → words. Codes are for figures, words for people.
RETURN_REASONS: Mapping[str, str] = {
    "missing_information": "Something is missing",
    "wrong_information": "Something is wrong",
    "wrong_receiver": "Not for us",
    "not_ready": "Not ready yet",
    "no_capacity": "No capacity in time",
    "duplicate": "We have it already",
    "other": "Another reason",
}

# What the system alone does, by itself.
BY_ITSELF = frozenset({Verb.ESCALATE, Verb.RECOMPUTE})
# Facts about the work; they leave its state and its custody alone.
FACTS = (
    BY_ITSELF
    | {Verb.VIEW, Verb.ASK, Verb.ANSWER, Verb.NOTE, Verb.ATTACH, Verb.TICK, Verb.NUDGE, Verb.LINK}
    | {Verb.SHARE, Verb.UNSHARE, Verb.PLAN, Verb.UNPLAN}
)
LIVE = frozenset(State) - {State.COMPLETED, State.CANCELLED}
IN_HAND = frozenset({State.ACCEPTED, State.STARTED, State.ON_HOLD})

# What verbs do to offers: these open one, those end the open one (redirect does both).
OPENS = (Verb.OFFER, Verb.PASS_ON, Verb.HAND_BACK, Verb.REDIRECT, Verb.REOPEN)
ENDS: Mapping[Verb, OfferState] = {
    Verb.ACCEPT: OfferState.ACCEPTED,
    Verb.RETURN: OfferState.RETURNED,
    Verb.WITHDRAW: OfferState.WITHDRAWN,
    Verb.CANCEL: OfferState.WITHDRAWN,
    Verb.REDIRECT: OfferState.SUPERSEDED,
}


@dataclass(frozen=True)
class Rule:
    """One row of the rulebook.

    `offer` says whether an open offer must be there (True), must not be there (False), or does not matter (None).
    `sentence` becomes the timeline entry; its names in braces are the event's facts, `by` is the actor.
    """

    by: frozenset[Party]
    states: frozenset[State]
    to: State | Landing
    label: str
    sentence: str
    offer: bool | None = None

    def lands(self, state: State, held_from: State | None = None) -> State:
        """The state after this verb, set out from `state`."""
        match self.to:
            case Landing.SAME:
                return state
            case Landing.DRAFT_IF_OFFERED:
                return State.DRAFT if state is State.OFFERED else state
            case Landing.RETURNED_IF_OFFERED:
                return State.RETURNED if state is State.OFFERED else state
            case Landing.BEFORE_HOLD:
                return held_from or State.ACCEPTED
        return State(self.to)


def _rule(
    by: Iterable[Party],
    states: Iterable[State],
    to: State | Landing,
    label: str,
    sentence: str,
    offer: bool | None = None,
) -> Rule:
    return Rule(frozenset(by), frozenset(states), to, label, sentence, offer)


_CUSTODIAN = (Party.CUSTODIAN,)
_PARTICIPANT = (Party.PARTICIPANT, Party.SYSTEM)

RULES: Mapping[Verb, Rule] = {
    Verb.DRAFT: _rule((Party.AUTHOR,), (), State.DRAFT, "New handoff", "{by} drafted this"),
    Verb.EDIT: _rule(_CUSTODIAN, (State.DRAFT, State.RETURNED), Landing.SAME, "Edit", "{by} edited {what}"),
    Verb.OFFER: _rule(
        _CUSTODIAN,
        (State.DRAFT, State.RETURNED),
        State.OFFERED,
        "Offer",
        "{by} offered this to {receiver}",
        offer=False,
    ),
    Verb.PLAN: _rule(
        _CUSTODIAN,
        (State.DRAFT, State.RETURNED),
        Landing.SAME,
        "Offer when they open",
        "{by} has this offered to {receiver} when they open",
        offer=False,
    ),
    Verb.UNPLAN: _rule(
        (Party.CUSTODIAN, Party.SYSTEM),
        (State.DRAFT, State.RETURNED),
        Landing.SAME,
        "Do not offer it then",
        "{by} took back the plan to offer this to {receiver}{why}",
    ),
    Verb.PASS_ON: _rule(
        _CUSTODIAN, IN_HAND, Landing.SAME, "Pass on", "{by} offered to pass this on to {receiver}", offer=False
    ),
    Verb.HAND_BACK: _rule(
        _CUSTODIAN, IN_HAND, Landing.SAME, "Hand back", "{by} asked {receiver} to take this back: {reason}", offer=False
    ),
    Verb.REDIRECT: _rule(
        (Party.CUSTODIAN, Party.RECEIVING_LEAD, Party.SYSTEM),
        LIVE,
        Landing.SAME,
        "Redirect",
        "{by} redirected the offer from {former} to {receiver}",
        offer=True,
    ),
    Verb.WITHDRAW: _rule(
        _CUSTODIAN, LIVE, Landing.DRAFT_IF_OFFERED, "Withdraw", "{by} withdrew the offer to {receiver}", offer=True
    ),
    Verb.VIEW: _rule((Party.RECEIVER,), LIVE, Landing.SAME, "View", "{by} opened this", offer=True),
    Verb.ASK: _rule((Party.RECEIVER, Party.CUSTODIAN), LIVE, Landing.SAME, "Ask", "{by} asked {asked}: {body}"),
    Verb.ANSWER: _rule((Party.ASKED,), LIVE, Landing.SAME, "Answer", "{by} answered {asker}: {body}"),
    Verb.ACCEPT: _rule(
        (Party.RECEIVER,), LIVE, State.ACCEPTED, "Accept handoff", "{by} accepted this from {giver}", offer=True
    ),
    Verb.RETURN: _rule(
        (Party.RECEIVER, Party.SYSTEM),
        LIVE,
        Landing.RETURNED_IF_OFFERED,
        "Return",
        "{by} returned this to {giver}: {reason}",
        offer=True,
    ),
    Verb.START: _rule(_CUSTODIAN, (State.ACCEPTED,), State.STARTED, "Start", "{by} started work"),
    Verb.HOLD: _rule(
        _CUSTODIAN, (State.ACCEPTED, State.STARTED), State.ON_HOLD, "Put on hold", "{by} put this on hold: {reason}"
    ),
    Verb.RESUME: _rule(
        (Party.CUSTODIAN, Party.SYSTEM), (State.ON_HOLD,), Landing.BEFORE_HOLD, "Resume", "{by} resumed work"
    ),
    Verb.COMPLETE: _rule(
        _CUSTODIAN, (State.ACCEPTED, State.STARTED), State.COMPLETED, "Complete", "{by} completed this", offer=False
    ),
    Verb.REOPEN: _rule(
        (Party.SENDER, Party.SYSTEM),
        (State.COMPLETED,),
        State.OFFERED,
        "Reopen",
        "{by} reopened this and asked {receiver}: {reason}",
    ),
    # The first sender may cancel only while nobody has accepted; `refused` draws that line.
    Verb.CANCEL: _rule(
        (Party.SENDER, Party.COORDINATOR, Party.SYSTEM),
        LIVE,
        State.CANCELLED,
        "Cancel",
        "{by} cancelled this: {reason}",
    ),
    Verb.TAKE_OVER: _rule(
        (Party.LEAD, Party.COORDINATOR, Party.SYSTEM),
        LIVE,
        Landing.SAME,
        "Take over",
        "{holder} took this over from {displaced}: {reason}",
    ),
    Verb.NOTE: _rule(_PARTICIPANT, LIVE, Landing.SAME, "Add note", "{by} added a note"),
    Verb.ATTACH: _rule(_PARTICIPANT, LIVE, Landing.SAME, "Attach", "{by} attached {name}"),
    Verb.TICK: _rule(_PARTICIPANT, LIVE, Landing.SAME, "Tick", "{by} {ticked} {item}"),
    Verb.NUDGE: _rule(_PARTICIPANT, LIVE, Landing.SAME, "Nudge", "{by} nudged {nudged}"),
    Verb.LINK: _rule(_PARTICIPANT, LIVE, Landing.SAME, "Add link", "{by} linked {label}"),
    # Who may see it can still be decided when the work has ended.
    Verb.SHARE: _rule((Party.SHARER,), State, Landing.SAME, "Share", "{by} shared this with {whom}"),
    Verb.UNSHARE: _rule((Party.SHARER,), State, Landing.SAME, "Stop sharing", "{by} stopped sharing this with {whom}"),
    Verb.ESCALATE: _rule((Party.SYSTEM,), LIVE, Landing.SAME, "Escalate", "Alarm: {alarm}"),
    Verb.RECOMPUTE: _rule(
        (Party.SYSTEM,), LIVE, Landing.SAME, "Recompute", "{by} worked out anew when this is due: {why} {moved}"
    ),
}


def refused(verb: Verb, state: State, has_offer: bool, parties: Iterable[Party]) -> Reason | None:
    """Why `verb` may not happen now, or None when it may.

    The instant is judged before the person: a lost race must read as "not now", not as "not yours".
    """
    rule = RULES[verb]
    if state not in rule.states and verb is not Verb.DRAFT:
        return Reason.STATE
    if rule.offer is True and not has_offer:
        return Reason.NO_OFFER
    if rule.offer is False and has_offer:
        return Reason.OFFER_OPEN
    entitled = rule.by - {Party.SENDER} if verb is Verb.CANCEL and state in IN_HAND else rule.by
    return None if entitled & set(parties) else Reason.NOT_YOURS


def allowed(state: State, has_offer: bool, parties: Iterable[Party]) -> list[Verb]:
    """The verbs that may happen now, in the order of the rulebook."""
    held = frozenset(parties)
    return [verb for verb in RULES if verb is not Verb.DRAFT and refused(verb, state, has_offer, held) is None]
