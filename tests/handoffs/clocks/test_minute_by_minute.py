"""Working time agrees with a minute-by-minute count on 20,000 random cases."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from handoffs.clocks.schedule import Schedule
from handoffs.clocks.working_time import add, between, intervals, next_opening
from tests.handoffs.clocks.minute_oracle import MinuteOracle
from tests.handoffs.clocks.some import a_moment, a_stretch, some_fields

ROUNDS, SCHEDULES, CASES = 25, 8, 100  # 20,000


@pytest.mark.parametrize("number", range(ROUNDS))
def test_agrees_with_the_count_of_every_minute(number: int) -> None:
    chance = random.Random(number)
    wall = a_stretch(number, chance)
    place = ZoneInfo(wall.zone)
    for _ in range(SCHEDULES):
        fields = some_fields(wall, chance)
        schedule, oracle = Schedule.from_fields(wall.zone, **fields), MinuteOracle(wall, **fields)
        for _ in range(CASES):
            start, end = sorted((a_moment(wall, chance), a_moment(wall, chance)))
            working = between(schedule, start.astimezone(place), end.astimezone(place))
            assert working == oracle.between(start, end), (fields, start, end)
            assert list(intervals(schedule, start, end)) == list(oracle.intervals(start, end)), (fields, start, end)
            working = chance.choice((working, timedelta(microseconds=chance.randrange(10**12))))
            if (due := oracle.add(start, working)) is not None:
                assert add(schedule, start.astimezone(place), working) == due, (fields, start, working)
            if (opening := oracle.next_opening(start)) is not None:
                assert next_opening(schedule, start.astimezone(place)) == opening, (fields, start)
