"""Shapes of plain data: each reads a value that may be anything, and describes itself as JSON Schema.

Reading never raises. What does not fit is noted in a list with its place, and stands as `UNREAD`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handoffs.flows import conditions
from handoffs.flows.problems import Problem

UNREAD: Any = object()
MOST_PROBLEMS = 100  # nobody reads further, and what somebody sent may be wrong in a million places
# PostgreSQL stores neither NUL nor lone surrogates; XML has no way to say the other control characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DURATION = re.compile(r"PT(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?")
LONGEST_DURATION = timedelta(hours=20_000)  # ten years of office hours

Notes = list[Problem]


class Shape:
    """How one kind of value is read and described."""

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        """The value as the plan holds it; UNREAD, with a note, when it does not fit."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError


def _no(notes: Notes, place: str, sentence: str, code: str = "unreadable") -> Any:
    if len(notes) < MOST_PROBLEMS:
        notes.append(Problem(place, sentence, code))
    return UNREAD


@dataclass(frozen=True)
class Words(Shape):
    """Text of one line or several; trimmed."""

    longest: int
    blank: bool = True

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if not isinstance(value, str):
            return _no(notes, place, "This must be text.")
        if _UNSTORABLE.search(value):
            return _no(notes, place, "This contains characters that cannot be stored.")
        text = value.strip()
        if len(text) > self.longest:
            return _no(notes, place, f"This is longer than {self.longest} characters; shorten it.")
        if not text and not self.blank:
            return _no(notes, place, "This must not be empty.")
        return text

    def schema(self) -> dict[str, Any]:
        least = {} if self.blank else {"minLength": 1}
        return {"type": "string", "maxLength": self.longest} | least


@dataclass(frozen=True)
class Spelled(Shape):
    """A name of a fixed spelling; `what` completes the sentence “This must be …”."""

    pattern: str
    what: str

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            return _no(notes, place, f"This must be {self.what}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of the words of an enumeration."""

    words: type[Any]

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        listed = [str(word) for word in self.words]
        if not isinstance(value, str) or value not in listed:
            return _no(notes, place, f"This must be one of: {', '.join(listed)}.")
        return self.words(value)

    def schema(self) -> dict[str, Any]:
        return {"enum": [str(word) for word in self.words]}


@dataclass(frozen=True)
class Flag(Shape):
    """True or false."""

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        return value if isinstance(value, bool) else _no(notes, place, "This must be true or false.")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number within limits, both included."""

    least: int
    most: int

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            return _no(notes, place, f"This must be a whole number from {self.least} to {self.most}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Duration(Shape):
    """Working time in hours and minutes, as ISO 8601 writes it: PT4H, PT1H30M."""

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        found = _DURATION.fullmatch(value) if isinstance(value, str) else None
        lasts = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta()
        if not lasts:
            return _no(notes, place, "This must be working time in hours and minutes, such as PT4H or PT1H30M.")
        if lasts > LONGEST_DURATION:
            return _no(notes, place, "This is longer than 20,000 working hours.")
        return lasts

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^PT(?=[0-9])(?:[0-9]{1,5}H)?(?:[0-9]{1,6}M)?$"}


def duration(lasts: timedelta) -> str:
    """Whole minutes of working time as ISO 8601."""
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")


@dataclass(frozen=True)
class When(Shape):
    """A condition."""

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        text = Words(conditions.LONGEST, blank=False).read(value, place, notes)
        if text is UNREAD:
            return UNREAD
        try:
            return conditions.parsed(text)
        except conditions.Unreadable as fault:
            return _no(notes, place, str(fault), "condition_unreadable")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": conditions.LONGEST}


@dataclass(frozen=True)
class Many(Shape):
    """A list of one shape, up to `most` of them."""

    each: Shape
    most: int

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if not isinstance(value, list | tuple):
            return _no(notes, place, "This must be a list.")
        if len(value) > self.most:
            return _no(notes, place, f"There may be {self.most} of these at most.", "too_many")
        read = [self.each.read(one, f"{place}/{index}", notes) for index, one in enumerate(value)]
        return UNREAD if any(one is UNREAD for one in read) else tuple(read)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.each.schema(), "maxItems": self.most}


@dataclass(frozen=True)
class Named(Shape):
    """Values by name, up to `most` of them."""

    name: Shape
    each: Shape
    most: int

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if not isinstance(value, Mapping):
            return _no(notes, place, "This must be an object.")
        if len(value) > self.most:
            return _no(notes, place, f"There may be {self.most} of these at most.", "too_many")
        read = {
            self.name.read(key, place, notes): self.each.read(one, f"{place}/{shown(key)}", notes)
            for key, one in value.items()
        }
        return UNREAD if UNREAD in read or any(one is UNREAD for one in read.values()) else read

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": self.name.schema(),
            "additionalProperties": self.each.schema(),
            "maxProperties": self.most,
        }


@dataclass(frozen=True)
class Record(Shape):
    """An object with known names, built by `build`; a name that is not known is wrong."""

    build: Callable[..., Any]
    properties: Mapping[str, tuple[Shape, str]]  # name → shape and description
    required: Sequence[str] = ()
    description: str = ""

    def read(self, value: Any, place: str, notes: Notes) -> Any:
        if not isinstance(value, Mapping):
            return _no(notes, place, "This must be an object.")
        foreign = sorted(shown(key) for key in value.keys() - self.properties.keys())
        lacking = [key for key in self.required if key not in value]
        for name in foreign:
            _no(notes, _within(place, name), f"There is nothing called “{name}” here.", "unknown_name")
        for key in lacking:
            _no(notes, place, f"“{key}” is missing.", "missing_name")
        read = {
            key: shape.read(value[key], _within(place, key), notes)
            for key, (shape, _) in self.properties.items()
            if key in value
        }
        wrong = foreign or lacking or any(one is UNREAD for one in read.values())
        return UNREAD if wrong else self.build(**read)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            **({"description": self.description} if self.description else {}),
            "properties": {
                name: shape.schema() | {"description": described}
                for name, (shape, described) in self.properties.items()
            },
            "required": list(self.required),
            "additionalProperties": False,
        }


def shown(key: Any) -> str:
    """A name that somebody sent, short and storable enough to be shown."""
    return _UNSTORABLE.sub("?", str(key)[:40])


def _within(place: str, key: str) -> str:
    return f"{place}/{key}" if place else key
