"""Times as people write them: read back exactly, in every way and zone, and refused where they are no time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.logs.written import DAY_FIRST, ISO, MONTH_FIRST, SECONDS, guess_written, instant

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = [BERLIN, NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]
instants = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "written", "zone", "at"),
    [
        ("2026-11-24 18:30", ISO, BERLIN, "2026-11-24 17:30"),
        ("2026-11-24T18:30:05.250+05:45", ISO, BERLIN, "2026-11-24 12:45:05.250"),
        ("2026-11-24T18:30:05Z", ISO, BERLIN, "2026-11-24 18:30:05"),
        ("2026/7/4 9:05", ISO, NEW_YORK, "2026-07-04 13:05"),
        ("2026/07/04 09:05", ISO, NEW_YORK, "2026-07-04 13:05"),
        ("2026-11-24 18:30:00 UTC", ISO, ZoneInfo("UTC"), "2026-11-24 18:30"),
        ("2026-11-24", ISO, BERLIN, "2026-11-23 23:00"),
        ("24.11.2026 18:30", DAY_FIRST, BERLIN, "2026-11-24 17:30"),
        ("4/7/2026 9:05:07", DAY_FIRST, BERLIN, "2026-07-04 07:05:07"),
        ("24-11-2026, 18:30", DAY_FIRST, BERLIN, "2026-11-24 17:30"),
        ("7/4/2026 9:05 AM", MONTH_FIRST, NEW_YORK, "2026-07-04 13:05"),
        ("7/4/2026 12:05 am", MONTH_FIRST, NEW_YORK, "2026-07-04 04:05"),
        ("7/4/2026 12:05 p.m.", MONTH_FIRST, NEW_YORK, "2026-07-04 16:05"),
        ("1795545000", SECONDS, BERLIN, "2026-11-24 18:30"),
        ("1795545000250", SECONDS, BERLIN, "2026-11-24 18:30:00.250"),
    ],
)
def test_it_reads(text: str, written: str, zone: ZoneInfo, at: str) -> None:
    assert instant(text, written, zone) == utc(at)


@pytest.mark.parametrize("written", [ISO, DAY_FIRST, MONTH_FIRST, SECONDS])
@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "5", "31.02.2026", "2026-02-31", "13/13/2026", "24.11.26", "24.11.2026 25:00", "\x00"),
        *("11/24/2026 0:10 PM", "99999999999999", "-1", "1e9", "24.11.2026 18:30 or so", "0001-01-01 00:00+10:00"),
        "२४.११.२०२६",
    ],
)
def test_what_is_no_time_is_refused(text: str, written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        instant(text, written, BERLIN)


@given(instants, st.sampled_from(ZONES))
def test_what_was_written_is_read_back(at: datetime, zone: ZoneInfo) -> None:
    local = at.astimezone(zone)
    if local.fold:
        return  # an hour that happens twice: without a zone nobody could tell
    whole = local.replace(second=0, microsecond=0)
    assert instant(local.isoformat(), ISO, BERLIN) == at
    assert instant(f"{local:%Y-%m-%d %H:%M:%S.%f}", ISO, zone) == at
    assert instant(f"{whole:%d.%m.%Y %H:%M}", DAY_FIRST, zone) == whole
    assert instant(f"{whole:%m/%d/%Y %I:%M %p}", MONTH_FIRST, zone) == whole
    assert abs(instant(f"{at.timestamp() * 1000:.0f}", SECONDS, zone) - at) <= timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["2026-11-24 18:30", "2026-11-24"], ISO),
        (["03.04.2026", "24.11.2026"], DAY_FIRST),
        (["03/04/2026", "11/24/2026"], MONTH_FIRST),
        (["03/04/2026"], DAY_FIRST),
        (["1795545000"], SECONDS),
        (["soon", ""], ISO),
        ([], ISO),
    ],
)
def test_the_way_is_guessed(texts: list[str], written: str) -> None:
    assert guess_written(texts) == written
