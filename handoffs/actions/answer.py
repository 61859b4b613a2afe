"""Answer: the asked side says what was asked for."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.clocks import running
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.models import Question
from handoffs.passage import passage
from handoffs.refusals import Invalid, NotNow
from tenants.models import Member


def answer(handoff: Handoff, *, by: Member, at: datetime, question: int, body: str) -> Handoff:
    """Answers the question with this id. Raises `NotNow` when somebody else answered it already."""
    with passage(handoff, Verb.ANSWER, by=by, at=at) as step:
        asked = (
            Question.objects.filter(organization_id=by.organization_id, handoff_id=handoff.id, id=question)
            .select_related("asked_by", "answered_by")
            .first()
        )
        if asked is None:
            raise Invalid("There is no such question here.", code="unknown_question", details={"field": "question"})
        if step.is_repeat(asked.answered_by_id == by.id, questions=[asked]):
            return step.handoff
        if not asked.is_open:
            name = asked.answered_by.name if asked.answered_by else ""
            raise NotNow(f"{name} answered this already.", code="already_answered", details={"holder": name})
        asked.answer = required(Verb.ANSWER, "answer", body)
        asked.answered_by, asked.answered_at = by, step.at
        asked.save(update_fields=["answer", "answered_by", "answered_at"])
        running.stop_answer(step.handoff, asked.id, at=step.at)
        step.record(question=asked.id, body=asked.answer, asker=asked.asked_by.name, asker_id=asked.asked_by_id)
    return step.handoff
