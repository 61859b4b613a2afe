"""Working time as people write it, and back."""

import re
from datetime import timedelta

LONGEST = timedelta(hours=10_000)

_SPAN = re.compile(r"(\d{1,6})\s*(h|hours?|m|min|minutes?|s|seconds?)", re.IGNORECASE | re.ASCII)
_UNITS = {"h": 3600, "m": 60, "s": 1}


def read_time(text: str) -> timedelta:
    """`1 h 30 m` as a timedelta; ValueError with a sentence for anything else, nothing, or more than 10,000 hours."""
    spans = _SPAN.findall(text)
    if not spans or _SPAN.sub("", text).strip(" ,"):
        raise ValueError("Write it like 4 h, 30 m or 1 h 30 m.")
    time = timedelta(seconds=sum(int(count) * _UNITS[unit[0].lower()] for count, unit in spans))
    if not timedelta() < time <= LONGEST:
        raise ValueError("It must be more than nothing and at most 10000 h.")
    return time


def write_time(time: timedelta) -> str:
    """The same in words: `1 h 30 m`."""
    seconds = int(time.total_seconds())
    counts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in counts if count) or "0 s"
