"""Hearing a read-back: what still has to be said, what differs, and the question that comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.actions.ask import ask
from handoffs.clocks import running
from handoffs.definition.fields import is_given
from handoffs.definition.read_back import Grade, restated
from handoffs.definition.specification import Field
from handoffs.handoff import Handoff
from handoffs.models import Question
from handoffs.passage import Step
from handoffs.reading_back import ReadBack
from handoffs.refusals import Shortfall, differing, read_back_needed
from tenants.models import Member

SETTLED = "Settled: it was read back once more, and agrees."


@dataclass(frozen=True)
class Heard:
    """What was said of each key fact, by key, in the form in which it is kept; and which facts differ."""

    said: Mapping[str, Any]
    differs: Sequence[Field]


def hear(asked: ReadBack, read_back: Mapping[str, Any] | None, facts_read: bool) -> Heard:
    """Raises Invalid read_back_needed, with the facts asked for, when something is not said or cannot be read."""
    if asked.grade is Grade.ONE_TAP and not facts_read:
        raise read_back_needed(asked.grade, asked.facts, [])
    if asked.grade is not Grade.FULL:
        return Heard({}, [])
    given = read_back if isinstance(read_back, Mapping) else {}
    known = {fact.key for fact in asked.facts}
    lacking = [Shortfall("read_back", key, f"“{key}” is not asked for.") for key in map(str, given) if key not in known]
    said: dict[str, Any] = {}
    differs: list[Field] = []
    for fact in asked.facts:
        if not is_given(given.get(fact.key)) or given[fact.key] == []:
            lacking.append(Shortfall("read_back", fact.key, f"Say what “{fact.label}” is."))
            continue
        try:
            said[fact.key], same = restated(fact.type.name, given[fact.key], asked.stands(fact), fact.choices)
        except ValueError as error:
            lacking.append(Shortfall("read_back", fact.key, f"{fact.label} {error}."))
            continue
        differs += [] if same else [fact]
    if lacking:
        raise read_back_needed(asked.grade, asked.facts, lacking)
    return Heard(said, differs)


def kept(asked: ReadBack, heard: Heard) -> dict[str, Any]:
    """What the event of the acceptance keeps as evidence; nothing where nothing was asked."""
    if asked.grade is Grade.OFF:
        return {}
    facts = [  # a list: the database keeps no order of keys
        {"key": fact.key, "label": fact.label, "stands": asked.stands(fact)}
        | ({"said": heard.said[fact.key]} if fact.key in heard.said else {})
        for fact in asked.facts
    ]
    return {"read_back": {"grade": str(asked.grade), "facts": facts}}


def ask_about(handoff: Handoff, heard: Heard, *, by: Member, at: datetime) -> Handoff:
    """Asks the custodian instead of accepting; the handoff carries the refusal for whoever tells the receiver."""
    holder = handoff.custodian.name if handoff.custodian else ""
    labels = [fact.label for fact in heard.differs]
    understood = "\n".join(f"{fact.label}: {_shown(fact, heard.said[fact.key], by)}" for fact in heard.differs)
    body = f"My read-back differs from what stands here. I understood:\n{understood}\nWhat is right?"
    asked = ask(handoff, by=by, at=at, body=body, from_read_back=True)
    asked.differing = differing(labels, holder)
    return asked


def settle(step: Step) -> dict[str, Any]:
    """The questions of this person's earlier read-backs need no answer any more; which they were, for the record."""
    settled: list[int] = []
    mine = Question.objects.filter(organization_id=step.by.organization_id, handoff_id=step.handoff.pk)
    for question in mine.filter(asked_by=step.by, from_read_back=True, answered_at=None):
        question.answer, question.answered_by, question.answered_at = SETTLED, step.by, step.at
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        running.stop_answer(step.handoff, question.pk, at=step.at)
        settled.append(question.pk)
    return {"settled": settled} if settled else {}


def _shown(fact: Field, said: Any, by: Member) -> str:
    if fact.type.name == "member":
        known = Member.objects.filter(organization_id=by.organization_id, pk=said).first()
        return known.name if known else "somebody else"
    return fact.type.show(said)
