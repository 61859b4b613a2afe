"""Replaying a whole log: who appears in it first, then its cases in batches, over several processes if wanted."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from itertools import islice

from django.db import connections

from handoffs.actions.replay.cast import Cast
from handoffs.actions.replay.figures import Figures, counted
from handoffs.actions.replay.reading import WORDS, Reading, Words
from handoffs.actions.replay.roster import Roster, enrol
from handoffs.handoff import Counter
from handoffs.logs.xes import Case, read_log
from handoffs.refusals import Refusal
from tenants.models import Member
from tenants.scope import scope

# Cases per transaction: enough that commits cost nothing, few enough that an interruption loses little.
BATCH = 10
AHEAD = 2  # batches that wait for each process, so that none stands still and the log is not read into memory

Path = str | os.PathLike[str]
Batch = tuple[Case, ...]
Numbered = tuple[Batch, int]  # with the number of its first case
Progress = Callable[[int], object]


class Stopped(Exception):
    """A case of the log could not be replayed; the batches before it stay. The message says where and why."""


def gather(path: Path, cases: int | None = None, progress: Progress = lambda done: None) -> Cast:
    """Who appears in the log, or in its first `cases`. Reads all of it and so finds what is wrong; raises BadLog."""
    cast = Cast()
    for case in islice(read_log(path), cases):
        cast.meet(case)
        progress(1)
    return cast


def replay(
    path: Path, cast: Cast, *, by: Member, at: datetime, processes: int = 1, progress: Progress = lambda done: None
) -> Figures:
    """Replays as many cases as `cast` was gathered from into the organization of `by`, and returns the figures.

    `progress(done)` is told how many more cases are in. With several processes no transaction may be open, and each
    batch is committed by itself. Raises BadLog, Stopped, Conflict.
    """
    with scope(by.organization):
        roster = enrol(cast, by=by, at=at)
        number = Counter.take(by.organization_id, cast.cases) if cast.cases else 0
    run = _alone if processes == 1 else _together
    total = Figures()
    for figures in run(roster, _numbered(path, cast.cases, number), processes):
        total += figures
        progress(figures.cases)
    return total


def _numbered(path: Path, cases: int, number: int) -> Iterator[Numbered]:
    """The log in batches."""
    log = islice(read_log(path), cases)
    while batch := tuple(islice(log, BATCH)):
        yield batch, number
        number += len(batch)


def _alone(roster: Roster, batches: Iterator[Numbered], _processes: int) -> Iterator[Figures]:
    for batch, number in batches:
        yield read_batch(roster, batch, number)


def _together(roster: Roster, batches: Iterator[Numbered], processes: int) -> Iterator[Figures]:
    """The children inherit the roster as it is, which is why they are forked; each opens a connection of its own."""
    connections.close_all()
    waiting: deque[Future[Figures]] = deque()
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), initializer=_settle, initargs=(roster,))
    try:
        for batch, number in batches:
            waiting.append(pool.submit(_read_inherited, batch, number))
            if len(waiting) > processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def read_batch(roster: Roster, batch: Batch, first_number: int, words: Words = WORDS) -> Figures:
    """These cases in one transaction, numbered from there on; raises Stopped."""
    with scope(roster.organization):
        made = [
            _through(roster, case, number, words).handoff.id
            for number, case in enumerate(batch, first_number)
            if case.events
        ]
        events = sum(len(case.events) for case in batch)
        return counted(roster.organization.id, made, cases=len(batch), events=events)


def _through(roster: Roster, case: Case, number: int, words: Words) -> Reading:
    reading, event = None, case.events[0]
    try:
        reading = Reading(roster, case, number, words)
        for event in case.events:
            reading.read(event)
    except Refusal as refusal:
        where = f"Case {case.id}, event {event.index + 1} ({event.name})"
        raise Stopped(f"{where}: {refusal.sentence}") from refusal
    return reading


_inherited: list[Roster] = []


def _settle(roster: Roster) -> None:
    """A child of the pool. Ctrl-C reaches the whole terminal; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _inherited.append(roster)


def _read_inherited(batch: Batch, first_number: int) -> Figures:
    return read_batch(_inherited[0], batch, first_number)
