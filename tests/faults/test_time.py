"""A day without any worker, and servers whose clocks do not agree."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db.models import F
from django.utils import timezone

from handoffs.lifecycle import Verb
from handoffs.models import Alarm, Clock, Event, Notice
from tenants.scope import scope
from tests.faults.firm import RECEIVERS, Firm, fired_in, wait_until
from tests.faults.programs import RETRY_SECONDS, STARTED, Workers

IN_TIME = RETRY_SECONDS + 60
HOUR = timedelta(hours=1)


@pytest.mark.timeout(150)
def test_what_a_day_without_a_worker_missed_fires_in_order(firm: Firm, apart: str, place: Path) -> None:
    """Three rungs each; the last of the last handoff is not due yet."""
    began = datetime.now(UTC) - 26 * HOUR
    handoffs = [id for n in range(8) for id in firm.offer(1, within=HOUR, at=began + n * HOUR, template="Steps")]
    waiting = firm.offer(1, within=HOUR, at=datetime.now(UTC) - 2.5 * HOUR, template="Steps")
    with Workers(apart, place) as workers:
        wait_until(lambda: firm.is_done(handoffs, 3 * len(handoffs)), IN_TIME, workers.log)
        wait_until(lambda: firm.is_done(waiting, 2), IN_TIME, workers.log)
    alarms = firm.alarms(handoffs)
    assert Counter(a.handoff_id for a in alarms) == Counter(dict.fromkeys(handoffs, 3))
    for handoff in handoffs:
        mine = [alarm for alarm in alarms if alarm.handoff_id == handoff]
        assert [alarm.rung.position for alarm in mine] == [1, 2, 3]
        assert [alarm.due_at for alarm in mine] == mine[0].clock.rung_ats
    assert [alarm.rung.position for alarm in firm.alarms(waiting)] == [1, 2]
    _check_told(firm, handoffs + waiting)


def _check_told(firm: Firm, handoffs: list[int]) -> None:
    """The ledger keeps the true due instants in their order; nobody is told twice of one event."""
    with scope(firm.organization):
        for handoff in handoffs:
            raised = Event.objects.filter(handoff_id=handoff, verb=Verb.ESCALATE).order_by("seq")
            dues = [datetime.fromisoformat(f["rung_due_at"]) for event in raised for f in fired_in(event)]
            fired = Alarm.objects.filter(handoff_id=handoff).order_by("id").values_list("due_at", flat=True)
            assert dues == sorted(dues) == list(fired)
            told = Notice.objects.filter(event__in=raised).values_list("event_id", "member__name")
            assert max(Counter(told).values()) == 1
            assert {name for _, name in told} == RECEIVERS


@contextmanager
def web_clock_off_by(shift: timedelta) -> Iterator[None]:
    """This process plays the web server; its clock is wrong, those of the worker and of the database are not."""
    with patch.object(timezone, "now", lambda: datetime.now(UTC) + shift):
        yield


@pytest.mark.timeout(150)
@pytest.mark.parametrize("minutes", [10, -10])
def test_the_web_servers_clock_is_off(firm: Firm, apart: str, place: Path, minutes: int) -> None:
    shift = timedelta(minutes=minutes)
    with Workers(apart, place) as workers:
        wait_until(lambda: STARTED in workers.log(), 30, workers.log)
        with web_clock_off_by(shift):
            handoffs = firm.offer(10, within=timedelta(seconds=3), at=timezone.now())
        # Of the offer itself people hear at once, whoever's clock is right.
        wait_until(lambda: firm.is_done(handoffs, 0), 20, workers.log)
        if minutes > 0:
            assert firm.alarms(handoffs) == [], "due in ten minutes, by the clock that set it"
            _let_pass(firm, handoffs, shift)
        wait_until(lambda: firm.is_done(handoffs, len(handoffs)), IN_TIME, workers.log)
    firm.check_each_alarm_once(handoffs)
    with scope(firm.organization):
        for handoff in handoffs:
            times = list(Event.objects.filter(handoff_id=handoff).order_by("seq").values_list("at", flat=True))
            assert times == sorted(times), "time never runs backwards on one handoff"


def _let_pass(firm: Firm, handoffs: list[int], time: timedelta) -> None:
    """The clocks' instants as they will look when so much time has passed."""
    with scope(firm.organization):
        for clock in Clock.objects.filter(handoff_id__in=handoffs):
            clock.rung_ats = [at - time for at in clock.rung_ats]
            clock.save(update_fields=["rung_ats"])
        Clock.objects.filter(handoff_id__in=handoffs).update(next_alarm_at=F("next_alarm_at") - time)
