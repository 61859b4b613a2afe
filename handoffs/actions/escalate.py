"""Escalate: alarms that the sweep fired are written down, and do what their rungs say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from handoffs.actions.redirect import redirect
from handoffs.escalation.models import Alarm, planned_rungs
from handoffs.escalation.plan import PlannedRung
from handoffs.escalation.sweep import Fired, unraised
from handoffs.handoff import Handoff, Priority
from handoffs.lifecycle import Verb
from handoffs.models import ClockKind, Question
from handoffs.passage import Step, passage, passages
from handoffs.refusals import Refusal
from tenants.models import Member, Team

PROMISED = {
    ClockKind.ACCEPT: "to accept",
    ClockKind.START: "to start",
    ClockKind.COMPLETE: "to complete",
    ClockKind.ANSWER: "to answer",
}


def escalate(handoff: Handoff, *, by: Member, at: datetime, alarms: Sequence[Alarm]) -> Handoff:
    """Tells the rungs' audiences, raises priority, redirects. Once per alarm, however often it is called.

    Alarms that were missed together are one event with each of them in it, in the order in which they were due: people
    hear of the handoff once. A clock that stopped between firing and now makes its alarm moot: it is marked as raised
    and tells nobody.
    """
    with passage(handoff, Verb.ESCALATE, by=by, at=at) as step:
        named = {alarm.id for alarm in alarms}
        waiting = [fired for fired in unraised([handoff.id]).get(handoff.id, ()) if fired.id in named]
        words = _Words.about({handoff.id: waiting})
        telling = _telling(step, waiting, words)
        _mark([(step, waiting)])
    return _redirected(step.handoff, telling, words, by=by, at=at)


def escalate_all(ids: Collection[int], *, by: Mapping[UUID, Member], at: datetime, wait: bool) -> dict[int, Handoff]:
    """The same for all alarms of these handoffs that nobody was told of; a few statements, however many they are.

    `by` is the product itself in each of their organizations. Returned are the handoffs that were seen to; what
    somebody holds at this moment is waited for or left out. Redirecting is done one by one.
    """
    with passages(ids, Verb.ESCALATE, by=by, at=at, wait=wait) as steps:
        waiting = unraised([step.handoff.id for step in steps])
        words = _Words.about(waiting)
        told = [(step, _telling(step, waiting.get(step.handoff.id, ()), words)) for step in steps]
        _mark((step, waiting.get(step.handoff.id, ())) for step in steps)
    return {step.handoff.id: _redirected(step.handoff, telling, words, by=step.by, at=at) for step, telling in told}


def escalate_fired(
    fired: Mapping[int, Sequence[Fired]], *, by: Mapping[UUID, Member], at: datetime
) -> dict[int, Handoff]:
    """The same for what the sweep has just fired in this transaction, which nobody else can have raised.

    By handoff, in the order in which they were due. What a rung would redirect is left out as well.
    """
    words = _Words.about(fired)
    ids = [id for id, alarms in fired.items() if not any(map(words.may_redirect, alarms))]
    with passages(ids, Verb.ESCALATE, by=by, at=at) as steps:
        for step in steps:
            _telling(step, fired[step.handoff.id], words)
        _mark((step, fired[step.handoff.id]) for step in steps)
    return {step.handoff.id: step.handoff for step in steps}


@dataclass(frozen=True)
class _Words:
    """What alarms are told with: their rungs, and the questions whose time to answer runs."""

    rungs: Mapping[int, PlannedRung]
    questions: Mapping[int, Question]

    @classmethod
    def about(cls, fired: Mapping[int, Sequence[Fired]]) -> "_Words":
        alarms = [alarm for ones in fired.values() for alarm in ones]
        asked = {alarm.question_id for alarm in alarms if alarm.question_id is not None}
        questions = Question.objects.select_related("asked_member", "asked_team").in_bulk(asked) if asked else {}
        return cls(planned_rungs({alarm.rung_id for alarm in alarms}), questions)

    def may_redirect(self, alarm: Fired) -> bool:
        """Whether the offer would go to another team."""
        return alarm.kind == ClockKind.ACCEPT and self.rungs[alarm.rung_id].redirects


def _telling(step: Step, waiting: Sequence[Fired], words: _Words) -> Sequence[Fired]:
    """Judges, changes and records; the alarms of these that people are told of."""
    telling = [alarm for alarm in waiting if not alarm.is_moot and step.handoff.is_live]
    if step.is_repeat(step.by.is_system and not telling):
        return []
    raises = sum(words.rungs[alarm.rung_id].raises_priority for alarm in telling)
    if raises:
        step.change(priority=min(step.handoff.priority + raises, Priority.URGENT))
    step.record(**_facts(step.handoff, telling, words))
    return telling


def _mark(raised: Iterable[tuple[Step, Iterable[Fired]]]) -> None:
    by_instant: dict[datetime, list[int]] = {}
    for step, alarms in raised:
        by_instant.setdefault(step.at, []).extend(alarm.id for alarm in alarms)
    for at, ids in by_instant.items():
        Alarm.objects.filter(id__among=ids).update(raised_at=at)


def _facts(handoff: Handoff, alarms: Sequence[Fired], words: _Words) -> dict[str, Any]:
    """The last alarm leads; all of them are listed."""
    each = [_fired(handoff, alarm, words) for alarm in alarms]
    sentences = dict.fromkeys(fired["alarm"] for fired in each)
    return {**each[-1], "alarm": "; ".join(sentences), "alarms": each}


def _fired(handoff: Handoff, alarm: Fired, words: _Words) -> dict[str, Any]:
    rung, kind = words.rungs[alarm.rung_id], ClockKind(alarm.kind)
    question = words.questions[alarm.question_id] if alarm.question_id is not None else None
    name, to_team, to_member, from_team = keeper(handoff, kind, question)
    return {
        "alarm": f"the time {PROMISED[kind]} is {'over' if alarm.is_late else 'running out'} for {name}",
        "alarm_id": alarm.id,
        "clock": alarm.kind,
        "rung": rung.position,
        "audience": list(rung.audience),
        "tell_member": rung.member,
        "tell_team": rung.team,
        "channels": list(rung.channels),
        "breaks_quiet": rung.breaks_quiet,
        "due_at": alarm.clock_due_at.isoformat(),
        "rung_due_at": alarm.due_at.isoformat(),
        "late": alarm.is_late,
        "to_team": to_team,
        "to_member": to_member,
        "from_team": from_team,
        "question": alarm.question_id,
    }


def keeper(
    handoff: Handoff, kind: ClockKind, question: Question | None
) -> tuple[str, int | None, int | None, int | None]:
    """Who is to keep the promise: name, team and member; and the team on the other side."""
    offer = handoff.open_offer
    if kind == ClockKind.ACCEPT and offer is not None:
        return offer.receiver_name, offer.to_team_id, offer.to_member_id, handoff.custodian_team_id
    if kind == ClockKind.ANSWER and question is not None:
        asked, team = question.asked_member, question.asked_team
        if asked is None and team is not None:
            return team.name, team.id, None, handoff.custodian_team_id
        if asked is not None and asked.id != handoff.custodian_id:
            return asked.name, team.id if team else handoff.sender_team_id, asked.id, handoff.custodian_team_id
        return asked.name if asked else "", handoff.custodian_team_id, handoff.custodian_id, None
    name = handoff.custodian.name if handoff.custodian else ""
    return name, handoff.custodian_team_id, handoff.custodian_id, handoff.sender_team_id


def _redirected(handoff: Handoff, alarms: Sequence[Fired], words: _Words, *, by: Member, at: datetime) -> Handoff:
    """To the team the last rung names, or the backup, if it can receive here; else the telling has to do."""
    redirecting = [alarm for alarm in alarms if words.rungs[alarm.rung_id].redirects]
    offer = handoff.open_offer
    if not redirecting or redirecting[-1].kind != ClockKind.ACCEPT or offer is None:
        return handoff
    named = words.rungs[redirecting[-1].rung_id].redirect_to
    team = Team.objects.get(organization_id=by.organization_id, id=named) if named else offer.to_team.backup
    if team is None:
        return handoff
    try:
        with transaction.atomic():
            return redirect(handoff, by=by, at=at, to_team=team)
    except Refusal:
        return handoff
