"""When digests come and when quiet hours end, by the clock on the wall of whoever is told."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.delivery.rhythm import HOUR, Beat

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
instants = st.datetimes(datetime(2011, 12, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
beats = st.builds(
    lambda zone, daily, quiet: Beat(zone, daily, *quiet),
    st.sampled_from(ZONES),
    st.none() | st.integers(0, 23),
    st.just((None, None)) | st.tuples(clocks, clocks).filter(lambda ends: ends[0] != ends[1]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "daily", "now", "then"),
    [
        ("Europe/Berlin", None, "2026-11-16T09:10+01:00", "2026-11-16T10:00+01:00"),
        ("Europe/Berlin", None, "2026-11-16T09:00+01:00", "2026-11-16T10:00+01:00"),
        ("Asia/Kathmandu", None, "2026-11-16T09:10+05:45", "2026-11-16T10:00+05:45"),
        ("Europe/Berlin", 8, "2026-11-16T09:10+01:00", "2026-11-17T08:00+01:00"),
        ("Europe/Berlin", 8, "2026-11-16T07:59+01:00", "2026-11-16T08:00+01:00"),
        ("Europe/Berlin", 8, "2026-03-28T12:00+01:00", "2026-03-29T08:00+02:00"),
        # Two o'clock does not exist that night; three does.
        ("Europe/Berlin", 2, "2026-03-29T00:00+01:00", "2026-03-29T03:00+02:00"),
        # 30 December 2011 did not exist in Apia.
        ("Pacific/Apia", 8, "2011-12-29T09:00-10:00", "2011-12-31T08:00+14:00"),
    ],
)
def test_digests_come_by_the_clock_on_the_wall(zone: str, daily: int | None, now: str, then: str) -> None:
    assert Beat(zone, daily).next_digest(at(now)) == at(then)


@pytest.mark.parametrize(
    ("zone", "weeks_of", "daily", "now", "then"),
    [
        ("Europe/Berlin", "Europe/Berlin", None, "2026-11-18T09:10+01:00", "2026-11-23T07:00+01:00"),
        ("Europe/Berlin", "Europe/Berlin", None, "2026-11-23T06:59+01:00", "2026-11-23T07:00+01:00"),
        ("Europe/Berlin", "Europe/Berlin", None, "2026-11-23T07:00+01:00", "2026-11-30T07:00+01:00"),
        ("Europe/Berlin", "Europe/Berlin", 18, "2026-11-23T07:00+01:00", "2026-11-23T18:00+01:00"),
        # Monday morning in Auckland is still Sunday in New York, where the week is not over.
        ("Pacific/Auckland", "America/New_York", None, "2026-11-18T09:00+13:00", "2026-11-24T07:00+13:00"),
        ("America/New_York", "Pacific/Auckland", None, "2026-11-18T09:00-05:00", "2026-11-22T07:00-05:00"),
        # 30 December 2011 did not exist in Apia; the year's last Monday did.
        ("Pacific/Apia", "Pacific/Apia", 8, "2011-12-29T09:00-10:00", "2012-01-02T08:00+14:00"),
    ],
)
def test_reports_come_on_the_first_morning_after_the_week(
    zone: str, weeks_of: str, daily: int | None, now: str, then: str
) -> None:
    assert Beat(zone, daily).next_report(at(now), weeks_of) == at(then)


@given(beats, instants, st.sampled_from(ZONES))
def test_every_week_is_reported_once_when_it_is_over(beat: Beat, now: datetime, zone: str) -> None:
    first = beat.next_report(now, zone)
    assert first > now
    second = beat.next_report(first, zone)
    told = [instant.astimezone(ZoneInfo(zone)) for instant in (first, second)]
    weeks = [instant.date() - timedelta(days=instant.weekday()) for instant in told]
    assert weeks[1] - weeks[0] == timedelta(weeks=1)
    over = datetime.combine(weeks[0], time(), ZoneInfo(zone))
    assert timedelta() <= first - over <= timedelta(days=3)
    assert beat.after_quiet(first) == first


@pytest.mark.parametrize(
    ("quiet", "now", "then"),
    [
        ((time(22), time(7)), "2026-11-16T21:59+01:00", "2026-11-16T21:59+01:00"),
        ((time(22), time(7)), "2026-11-16T22:00+01:00", "2026-11-17T07:00+01:00"),
        ((time(22), time(7)), "2026-11-17T06:59+01:00", "2026-11-17T07:00+01:00"),
        ((time(22), time(7)), "2026-11-17T07:00+01:00", "2026-11-17T07:00+01:00"),
        ((time(12), time(13)), "2026-11-16T12:30+01:00", "2026-11-16T13:00+01:00"),
        ((time(22), time(0)), "2026-11-16T23:30+01:00", "2026-11-17T00:00+01:00"),
    ],
)
def test_quiet_hours_end_where_they_say(quiet: tuple[time, time], now: str, then: str) -> None:
    assert Beat("Europe/Berlin", None, *quiet).after_quiet(at(now)) == at(then)


@given(beats, instants)
def test_a_digest_comes_later_never_in_the_quiet_and_within_two_days(beat: Beat, now: datetime) -> None:
    then = beat.next_digest(now)
    assert now < then <= now + timedelta(days=3, hours=1)
    assert beat.after_quiet(then) == then


@given(beats, instants, st.timedeltas(timedelta(), timedelta(days=2)))
def test_who_waits_longer_is_never_told_sooner(beat: Beat, now: datetime, more: timedelta) -> None:
    assert beat.next_digest(now) <= beat.next_digest(now + more)
    assert beat.after_quiet(now) <= beat.after_quiet(now + more)


@given(st.sampled_from(ZONES), instants)
def test_an_hourly_digest_comes_at_a_full_hour_on_the_wall(zone: str, now: datetime) -> None:
    then = Beat(zone).next_digest(now)
    assert then - now <= HOUR
    if then.astimezone(ZoneInfo(zone)).utcoffset() == now.astimezone(ZoneInfo(zone)).utcoffset():
        assert then.astimezone(ZoneInfo(zone)).minute == 0
