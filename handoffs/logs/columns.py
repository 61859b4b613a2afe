"""Which column of a log means what, and each row as it is understood by that. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from handoffs.logs.written import WRITTEN, are_times, guess_written, in_utc, instant

LONGEST = 200  # characters of a cell that is kept
CASE, ACTIVITY, TIME, PERSON, TEAM = "case", "activity", "time", "person", "team"
NEEDED = (CASE, ACTIVITY, TIME)
MEANINGS: Mapping[str, str] = {
    CASE: "Case",
    ACTIVITY: "Activity",
    TIME: "Time",
    PERSON: "Person",
    TEAM: "Team",
}
# What headings are called elsewhere, the likeliest first; compared in lower case and without signs.
_HEADINGS: Mapping[str, Sequence[str]] = {
    CASE: ("caseid", "caseconceptname", "case", "ticket", "incident", "order", "number", "id", "srnumber", "handoff"),
    ACTIVITY: ("activity", "conceptname", "event", "action", "status", "step", "verb", "what", "task"),
    TIME: ("timestamp", "timetimestamp", "time", "at", "date", "datetime", "when", "start", "created", "changedate"),
    PERSON: ("resource", "orgresource", "person", "user", "owner", "agent", "assignee", "by", "who"),
    TEAM: ("orggroup", "group", "team", "department", "queue", "involvedst", "supportteam", "unit", "role"),
}

Cell = str | datetime


@dataclass(frozen=True)
class Columns:
    """Places of columns, counted from 0; `written` is one of WRITTEN, `zone` that of times which name none."""

    case: int
    activity: int
    time: int
    person: int | None = None
    team: int | None = None
    written: str = "iso"
    zone: str = "UTC"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept."""
        return cls(**kept)

    @property
    def kept(self) -> dict[str, Any]:
        """To be kept as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Understood:
    """A row: one event of a case, or a problem in words."""

    line: int
    case: str = ""
    activity: str = ""
    at: datetime | None = None
    person: str = ""
    team: str = ""
    problem: str = ""


def guess(head: Sequence[str], rows: Sequence[Sequence[Cell]], zone: str) -> dict[str, Any]:
    """What each column probably means: by its heading, times by their cells too; what cannot be guessed is left out."""
    names = ["".join(sign for sign in name.lower() if sign.isalnum()) for name in head]
    found: dict[str, Any] = {"zone": zone}
    for meaning, known in _HEADINGS.items():
        taken = {place for place in found.values() if isinstance(place, int)}
        if places := _places(names, known, taken):
            found[meaning] = places[0]
    below = [[str(row[place]) if place < len(row) else "" for row in rows] for place in range(len(head))]
    taken = {place for place in found.values() if isinstance(place, int)}
    times = [place for place, texts in enumerate(below) if place not in taken and are_times(texts)]
    if TIME not in found and times:
        found[TIME] = times[0]
    return {**found, "written": guess_written(below[found[TIME]] if TIME in found else ())}


def _places(names: Sequence[str], known: Sequence[str], taken: set[int]) -> list[int]:
    """Of headings that are called so, then of those that begin or end so."""
    free = [place for place in range(len(names)) if place not in taken]
    same = [place for word in known for place in free if names[place] == word]
    like = [place for word in known for place in free if len(word) > 3 and word in names[place]]
    return same + like


def understand(line: int, cells: Sequence[Cell], columns: Columns, now: datetime) -> Understood:
    """The row as these columns mean it. What is missing or is no time is said, and nothing of it is made up."""
    case, activity, person, team = (
        _text(cells, place) for place in (columns.case, columns.activity, columns.person, columns.team)
    )
    told: dict[str, Any] = {"line": line, "case": case, "activity": activity, "person": person, "team": team}
    missing = [MEANINGS[name] for name, text in ((CASE, case), (ACTIVITY, activity)) if not text]
    if missing:
        return Understood(**told, problem=f"Nothing stands under {' and '.join(missing)}.")
    given = cells[columns.time] if columns.time < len(cells) else ""
    try:
        zone = ZoneInfo(columns.zone)
        at = in_utc(given, zone) if isinstance(given, datetime) else instant(given.strip(), columns.written, zone)
    except ValueError:
        shown = str(given).strip()[:60]
        as_in = f"no time as in “{WRITTEN[columns.written]}”"
        return Understood(**told, problem=f"“{shown}” is {as_in}." if shown else "Nothing stands under Time.")
    if at > now:
        return Understood(**told, problem="Its time lies in the future.")
    return Understood(**told, at=at)


def _text(cells: Sequence[Cell], place: int | None) -> str:
    if place is None or place >= len(cells):
        return ""
    return " ".join(str(cells[place]).replace("\x00", " ").split())[:LONGEST]


def is_empty(cells: Iterable[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return not any(str(cell).strip() for cell in cells)
