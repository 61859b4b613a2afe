"""Conservation of time: each instant of a handoff's life lies in exactly one slice. Plain Python.

A slice says who answered for the work, what it waited for meanwhile, and in whose hours that counts. Time from the
first offer to the end, without what lies between an end and a reopening, is the sum of all slices, to the microsecond.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from handoffs.clocks import working_time
from handoffs.clocks.schedule import Schedule
from handoffs.lifecycle import State


class Phase(StrEnum):
    """What the work waits for."""

    OFFERED = "offered"  # for somebody to accept
    QUESTIONED = "questioned"  # for an answer
    WAITING = "waiting"  # for whoever accepted to start
    WORKING = "working"  # for the work to be done
    ON_HOLD = "on_hold"  # for something outside
    MENDING = "mending"  # for its sender, who has it back before anybody accepted


class Held(NamedTuple):
    """One interval of custody; `team` is the team by whose hours the holder works, if there is one."""

    starts_at: datetime
    ends_at: datetime | None
    holder: int
    team: int | None


class Asked(NamedTuple):
    """One interval in which somebody else is asked: to accept (an offer), or to answer (a question)."""

    starts_at: datetime
    ends_at: datetime | None
    team: int | None


class Stood(NamedTuple):
    """A state from an instant on; a hold also has an instant at which it ends by itself, and what comes then."""

    since: datetime
    state: State
    until: datetime | None = None
    then: State | None = None


@dataclass(frozen=True)
class History:
    """What is known of one handoff: custody and states in order of time; offers and questions in any order."""

    custody: Sequence[Held]
    states: Sequence[Stood]
    offers: Sequence[Asked]
    questions: Sequence[Asked] = ()

    @property
    def first_offer(self) -> datetime | None:
        """When it began to count: before, it is nobody's wait but the author's."""
        return min((offer.starts_at for offer in self.offers), default=None)


class Slice(NamedTuple):
    """A stretch in one cell: the holder, what it waited for, and how much of it lay inside that side's hours."""

    starts_at: datetime
    ends_at: datetime
    holder: int
    phase: Phase
    team: int | None
    inside: timedelta
    outside: timedelta

    @property
    def lasted(self) -> timedelta:
        return self.ends_at - self.starts_at


def split(history: History, until: datetime, schedules: Mapping[int, Schedule]) -> list[Slice]:
    """Every stretch from the first offer up to `until`, in order, without gap or overlap while the handoff lived.

    `schedules` are the hours of each team named; a side whose hours are not known counts as always at work.
    """
    return _merged(pieces(history, until, schedules))


def pieces(history: History, until: datetime, schedules: Mapping[int, Schedule]) -> list[Slice]:
    """The same, cut at every instant at which anything changed: at each offer too, also from a cell to the same."""
    began = history.first_offer
    if began is None:
        return []
    slices: list[Slice] = []
    for held in history.custody:
        first, last = max(held.starts_at, began), min(held.ends_at or until, until)
        for starts_at, ends_at in pairwise(_boundaries(history, first, last)):
            phase, team = _phase(history, held, starts_at)
            slices.append(_slice(starts_at, ends_at, held.holder, phase, team, schedules))
    return slices


def stands(history: History, at: datetime) -> tuple[Phase, int | None] | None:
    """What it waits for from this instant on, and in whose hours; None when nobody answers for it any more."""
    last = history.custody[-1] if history.custody else None
    return _phase(history, last, at) if last and last.ends_at is None else None


def _boundaries(history: History, first: datetime, last: datetime) -> list[datetime]:
    """Every instant between the two at which anything about the handoff changes, and the two themselves."""
    if last <= first:
        return []
    changes = {stood.since for stood in history.states} | {stood.until for stood in history.states if stood.until}
    for asked in (*history.offers, *history.questions):
        changes |= {asked.starts_at} | ({asked.ends_at} if asked.ends_at else set())
    return sorted({first, last, *(instant for instant in changes if first < instant < last)})


def _phase(history: History, held: Held, instant: datetime) -> tuple[Phase, int | None]:
    """What the work waits for from this instant to the next boundary, and whose hours count.

    The order decides: a hold stands still whatever is asked meanwhile, and who waits for an answer waits for that.
    """
    state = _state(history.states, instant)
    offer, question = _open(history.offers, instant), _open(history.questions, instant)
    if state in (State.DRAFT, State.RETURNED):
        return Phase.MENDING, held.team
    if state is State.ON_HOLD and offer is None:
        return Phase.ON_HOLD, held.team
    if question is not None:
        return Phase.QUESTIONED, question.team
    if offer is not None:
        return Phase.OFFERED, offer.team
    return (Phase.WORKING if state is State.STARTED else Phase.WAITING), held.team


def _state(states: Sequence[Stood], instant: datetime) -> State:
    found = State.DRAFT
    for stood in states:
        if stood.since > instant:
            break
        ended = stood.until is not None and stood.until <= instant
        found = stood.then or State.ACCEPTED if ended else stood.state
    return found


def _open(asked: Sequence[Asked], instant: datetime) -> Asked | None:
    """What is open at this instant; of several questions the one that was asked first."""
    there = [each for each in asked if each.starts_at <= instant and (each.ends_at is None or instant < each.ends_at)]
    return min(there, key=lambda each: each.starts_at, default=None)


def _slice(
    starts_at: datetime,
    ends_at: datetime,
    holder: int,
    phase: Phase,
    team: int | None,
    schedules: Mapping[int, Schedule],
) -> Slice:
    lasted = ends_at - starts_at
    schedule = schedules.get(team) if team is not None else None
    inside = working_time.between(schedule, starts_at, ends_at) if schedule else lasted
    return Slice(starts_at, ends_at, holder, phase, team, inside, lasted - inside)


def _merged(slices: Sequence[Slice]) -> list[Slice]:
    """Neighbours in the same cell become one."""
    merged: list[Slice] = []
    for each in slices:
        last = merged[-1] if merged else None
        if last and (last.ends_at, last.holder, last.phase, last.team) == (
            each.starts_at,
            each.holder,
            each.phase,
            each.team,
        ):
            merged[-1] = last._replace(
                ends_at=each.ends_at, inside=last.inside + each.inside, outside=last.outside + each.outside
            )
        else:
            merged.append(each)
    return merged
