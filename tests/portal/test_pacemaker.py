"""The pacemaker keeps its pace whatever a tick does."""

import logging
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from portal import pacemaker

# The pacemaker looks whether its connection is still good.
pytestmark = pytest.mark.django_db


def times_of(tick_seconds: float, *, beats: int, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the ticks came, with a beat of a tenth of a second."""
    monkeypatch.setattr(pacemaker, "BEAT_SECONDS", 0.1)
    seen: list[datetime] = []

    def tick(at: datetime) -> None:
        seen.append(at)
        time.sleep(tick_seconds)

    pacemaker.keep_pace(tick, go_on=lambda: len(seen) < beats)
    return seen


def test_a_tick_gets_the_time_of_its_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    before = datetime.now(UTC)
    seen = times_of(0, beats=4, monkeypatch=monkeypatch)
    assert before <= seen[0] <= seen[-1] <= datetime.now(UTC)
    assert timedelta(seconds=0.28) <= seen[-1] - seen[0]


def test_slow_ticks_follow_each_other_and_nothing_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = times_of(0.25, beats=4, monkeypatch=monkeypatch)
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert min(gaps) >= timedelta(seconds=0.25)


def test_a_tick_that_fails_is_logged_and_the_next_one_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pacemaker, "BEAT_SECONDS", 0.01)
    seen: list[datetime] = []

    def tick(at: datetime) -> None:
        seen.append(at)
        raise ZeroDivisionError("of all things")

    with caplog.at_level(logging.ERROR):
        pacemaker.keep_pace(tick, go_on=lambda: len(seen) < 3)
    assert len(seen) == 3
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError] * 3
