"""What is expected of one reader, and by when, judged by how the handoff stands now."""

from dataclasses import dataclass
from datetime import datetime

from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.lifecycle import State, Verb
from tenants.models import Member, Role

OVERSEERS = frozenset({"receiving_lead", "sending_lead", "workspace_managers"})


@dataclass(frozen=True)
class Expectation:
    """One sentence, and the instant until which it should be done, if there is one."""

    sentence: str
    due_at: datetime | None = None
    is_wanted: bool = True


def expectation(event: Event, handoff: Handoff, reader: Member, role: str) -> Expectation:
    """What the reader should do next about this handoff; `role` is the one in which they were told of `event`."""
    if not handoff.is_live:
        return Expectation(f"Nothing: it is {handoff.status.label.lower()}.", is_wanted=False)
    asked = event.verb == Verb.ASK or (event.facts.get("clock") == "answer" and role == "receivers")
    if asked and _is_unanswered(event, handoff):
        return Expectation("Please answer. Other times go on meanwhile.", _answer_due(event, handoff))
    if _may_accept(handoff, reader):
        return Expectation("Accept it, or return it with a reason.", _due(handoff))
    if role == "mentioned" and handoff.custodian_id != reader.id:
        return Expectation("Read the note: you are mentioned in it.")
    if handoff.custodian_id == reader.id:
        return _of_the_custodian(handoff)
    if event.verb == Verb.ESCALATE and role in OVERSEERS:
        return Expectation(f"{_rescue(handoff)}, or take it over.", _due(handoff))
    return Expectation("Nothing for the moment.", is_wanted=False)


def _of_the_custodian(handoff: Handoff) -> Expectation:
    offer = handoff.open_offer
    if offer is not None:
        waiting = f"You answer for it until {offer.receiver_name} accepts; you can redirect or withdraw the offer."
        return Expectation(waiting, offer.due_at)
    if handoff.status in (State.DRAFT, State.RETURNED):
        return Expectation("You answer for it: mend it and offer it again, or cancel it.")
    if handoff.status is State.ON_HOLD:
        return Expectation(
            "You answer for it. It is on hold, and work goes on by itself at its end.", handoff.held_until
        )
    return Expectation("You answer for it: complete it, or pass it on.", handoff.complete_due_at)


def _due(handoff: Handoff) -> datetime | None:
    return handoff.open_offer.due_at if handoff.open_offer else handoff.complete_due_at


def _rescue(handoff: Handoff) -> str:
    return "See that somebody accepts it: redirect the offer" if handoff.open_offer else "See that it is completed"


def _may_accept(handoff: Handoff, reader: Member) -> bool:
    offer = handoff.open_offer
    if offer is None or handoff.custodian_id == reader.id or reader.role == Role.VIEWER:
        return False
    return offer.to_member_id == reader.id if offer.to_member_id else offer.to_team_id in reader.standing.team_ids


def _answer_due(event: Event, handoff: Handoff) -> datetime | None:
    clocks = handoff.clocks.filter(question_id=event.facts.get("question"), stopped_at=None)
    return clocks.values_list("due_at", flat=True).first()


def _is_unanswered(event: Event, handoff: Handoff) -> bool:
    # All of them, for a digest has read those of many handoffs by one statement.
    asked = event.facts.get("question")
    return any(question.id == asked and question.answered_at is None for question in handoff.questions.all())
