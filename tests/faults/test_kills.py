"""kill -9 at random moments, to single processes and to all of them, with one cluster and with three."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.firm import Firm, wait_until
from tests.faults.programs import RETRY_SECONDS, STARTED, Workers

IN_TIME = RETRY_SECONDS + 60


def survive(firm: Firm, workers: Workers, alarms: int, kills: int, seed: int) -> None:
    """Alarms come due while processes die; when that ends, all is done within the retry time and a minute."""
    dice = random.Random(seed)
    within = timedelta(seconds=2 + alarms / 20)
    handoffs = firm.offer(alarms, within=within)
    with workers:
        wait_until(lambda: STARTED in workers.log(), 30, workers.log)
        for number in range(kills):
            time.sleep(dice.uniform(0.1, 1.5))
            if number % 3 == 2:
                workers.kill_all()
            else:
                workers.kill_one(dice)
            time.sleep(0.2)
            workers.look_after()
        ended = wait_until(lambda: _tended(workers) and firm.is_done(handoffs, alarms), IN_TIME, workers.log)
    firm.check_each_alarm_once(handoffs)
    print(f"{alarms} alarms, {kills} kills, {workers.begun} starts: done {ended:.1f} s after the last kill")


def _tended(workers: Workers) -> bool:
    workers.look_after()
    return True


@pytest.mark.timeout(150)
def test_alarms_outlive_their_workers(firm: Firm, apart: str, place: Path) -> None:
    survive(firm, Workers(apart, place), alarms=40, kills=6, seed=1)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_three_hundred_alarms_outlive_thirty_kills(firm: Firm, apart: str, place: Path) -> None:
    survive(firm, Workers(apart, place), alarms=300, kills=30, seed=2)


@pytest.mark.timeout(150)
def test_two_clusters_side_by_side(firm: Firm, apart: str, place: Path) -> None:
    survive(firm, Workers(apart, place, count=2), alarms=20, kills=0, seed=3)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_three_clusters_side_by_side_and_dying(firm: Firm, apart: str, place: Path) -> None:
    survive(firm, Workers(apart, place, count=3), alarms=300, kills=30, seed=4)
