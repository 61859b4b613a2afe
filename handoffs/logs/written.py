"""Times as people write them in tables. Plain Python; strict, so that what is no time is told and not guessed."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ISO, DAY_FIRST, MONTH_FIRST, SECONDS = "iso", "day", "month", "seconds"
# Each with the example by which a form names it.
WRITTEN: Mapping[str, str] = {
    ISO: "2026-11-24 18:30",
    DAY_FIRST: "24.11.2026 18:30",
    MONTH_FIRST: "11/24/2026 6:30 PM",
    SECONDS: "1795545000",
}
_PARTS = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
    r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:([ T])(\d{1,2})(:.*))?", re.DOTALL | re.ASCII)
_NUMBER = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}", re.ASCII)
MILLISECONDS_FROM = 10**11


def instant(text: str, written: str, zone: ZoneInfo) -> datetime:
    """The instant in UTC; a time that names no zone is one of `zone`. Raises ValueError for what is no such time."""
    if written == SECONDS:
        return _since_1970(text)
    found = datetime.fromisoformat(_dashed(text)) if written == ISO else _by_parts(text, written == DAY_FIRST)
    return in_utc(found, zone)


def in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time; one without a zone is one of `zone`. Raises ValueError before year 1 and after 9999."""
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside of the calendar") from error


def guess_written(texts: Iterable[str]) -> str:
    """How these are written: as the first of the ways that reads the most of them does.

    What is no time counts for none. Days come before months where both are possible.
    """
    given = [text for text in texts if text.strip()]
    return max(WRITTEN, key=lambda written: sum(_is_time(text, written) for text in given))  # the first of the best


def are_times(texts: Iterable[str]) -> bool:
    """Whether these are times, each of them, written in one way."""
    given = [text for text in texts if text.strip()]
    written = guess_written(given)
    return bool(given) and all(_is_time(text, written) for text in given)


def _is_time(text: str, written: str) -> bool:
    try:
        instant(text.strip(), written, ZoneInfo("UTC"))
    except ValueError:
        return False
    return True


def _dashed(text: str) -> str:
    """As the standard has it: 2026/7/4 9:05 is 2026-07-04 09:05."""
    match = _YEAR_FIRST.fullmatch(text.removesuffix(" UTC"))
    if match is None:
        return text
    year, month, day, between, hour, rest = match.groups()
    clock = f"{between}{hour:0>2}{rest}" if hour else ""
    return f"{year}-{month:0>2}-{day:0>2}{clock}"


def _by_parts(text: str, is_day_first: bool) -> datetime:
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError("no such time")
    first, second, year, hour, minute, seconds, fraction, half = match.groups()
    day, month = (first, second) if is_day_first else (second, first)
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("no such hour")
        hours = hours % 12 + (12 if half in "pP" else 0)
    micro = int((fraction or "0").ljust(6, "0"))
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(seconds or 0), micro)  # noqa: DTZ001


def _since_1970(text: str) -> datetime:
    """Seconds, or milliseconds where there are as many digits."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("no such number")
    number = float(text)
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
