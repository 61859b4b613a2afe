"""Read-back: what the receiver restates on accepting, and when two values say the same.

Comparing is fair, not lax: how somebody writes does not matter, what they say does.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.db import models

from handoffs.definition.fields import FIELD_TYPES, LONG_TEXT_LIMIT, is_storable

MOST = 4  # key facts of one template: more than that nobody keeps in mind


class Grade(models.TextChoices):
    """How much the receiver is asked to read back."""

    OFF = "off", "Off: nothing is asked"
    ONE_TAP = "one_tap", "One tap: they see the key facts and confirm them"
    FULL = "full", "Full: they restate each key fact without seeing it"


_MONTHS: Sequence[str] = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ALIKE = str.maketrans("‘’‚“”„–—−\u2011", "'''\"\"\"----")
_MONEY = re.compile(r"^[€$£¥%\s]+|[€$£¥%\s]+$")
_GROUPED = re.compile(r"(\d{1,3})((?:[ '.,]\d{3})+)(?:([.,])(\d+))?")
_COMMA = re.compile(r"(\d*),(\d+)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def restated(kind: str, said: Any, stands: Any, choices: Sequence[str] = ()) -> tuple[Any, bool]:
    """What somebody said in the form in which it is kept, and whether it says what stands there.

    `kind` is the name of a field type. Raises ValueError, with words that follow the field's label, for what cannot be
    read as such a value.
    """
    if isinstance(said, str):
        if not is_storable(said):
            raise ValueError("contains characters that cannot be stored")
        if len(said) > LONG_TEXT_LIMIT:
            raise ValueError(f"is longer than {LONG_TEXT_LIMIT} characters")
        said = said.strip()
    return _READERS.get(kind, _text)(said, stands, choices)


def folded(text: str) -> str:
    """The same words however they are written: case, spaces, kinds of quotes and dashes, and a last full stop."""
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split()).rstrip(" .,;!")


def _text(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    if not isinstance(said, str):
        raise ValueError("must be text")
    return said, _same_words(said, stands)


def _same_words(said: str, stands: Any) -> bool:
    """A value that is nothing but signs is compared as it is: folding would leave nothing of it."""
    ours, theirs = folded(said), folded(str(stands))
    return ours == theirs if ours or theirs else said.strip() == str(stands).strip()


def _choice(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    if not isinstance(said, str):
        raise ValueError("must be text")
    return next((choice for choice in choices if _same_words(said, choice)), said), _same_words(said, stands)


def _choices(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    if not isinstance(said, list | tuple) or not all(isinstance(each, str) for each in said):
        raise ValueError("must be a list of choices")
    if len(said) > max(len(choices), len(stands)) * 2 or not all(map(is_storable, said)):
        raise ValueError("must be a list of choices")
    return list(said), {folded(each) for each in said} == {folded(each) for each in stands}


def _number(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    found = _readings(said, stands) if isinstance(said, str) else [FIELD_TYPES["number"].clean(said, ())]
    if not found:
        raise ValueError("must be a number")
    same = next((each for each in found if Decimal(each) == Decimal(stands)), None)
    return (same or found[0]), same is not None


def _readings(said: str, stands: str) -> list[str]:
    """Every number that somebody may have meant. `1.200` is read in both ways of writing, for both are in use.

    `1,200` is twelve hundred unless what stands there has three decimals itself: nobody adds noughts to 1.2.
    """
    text = _MONEY.sub("", said.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")).translate(_ALIKE)
    sign, text = ("-", text[1:].lstrip()) if text.startswith("-") else ("", text.removeprefix("+"))
    found: list[str] = []
    grouped = _GROUPED.fullmatch(text)
    marks = set(re.findall(r"[ '.,]", grouped[2])) if grouped else set()
    if grouped and len(marks) == 1 and grouped[3] not in marks:
        found.append(grouped[1] + re.sub(r"\D", "", grouped[2]) + (f".{grouped[4]}" if grouped[4] else ""))
    comma = _COMMA.fullmatch(text)
    three = len(stands.partition(".")[2]) == 3
    if comma and (not found or three):
        found.append(f"{comma[1] or '0'}.{comma[2]}")
    found.append(text)
    return [number for each in found if (number := _plain(sign + each)) is not None]


def _plain(text: str) -> str | None:
    try:
        return str(FIELD_TYPES["number"].clean(text, ()))
    except (ValueError, InvalidOperation):
        return None


def _date(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    day = said if isinstance(said, date) and not isinstance(said, datetime) else _day_of(said)
    return day.isoformat(), day.isoformat() == stands


def _day_of(said: Any) -> date:
    """The one day that somebody can have meant; `3/4/2026` is two of them, so it is none."""
    wrong = ValueError("must be a date such as 2026-12-01 or 1 December 2026")
    if not isinstance(said, str):
        raise wrong
    text = folded(said)
    found = {day for year, month, number in _triples(text) if (day := _day(year, month, number)) is not None}
    if len(found) != 1:
        raise wrong
    return found.pop()


def _triples(text: str) -> list[tuple[int, int, int]]:
    """(year, month, day) in every way in which the text can be read."""
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        year, month, number = map(int, text.split("-"))
        return [(year, month, number)]
    if match := _DOTTED.fullmatch(text):
        return [(int(match[3]), int(match[2]), int(match[1]))]
    if match := _SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        return [(year, second, first), (year, first, second)]
    if match := _DAY_FIRST.fullmatch(text):
        return [(int(match[3]), month, int(match[1])) for month in _months(match[2])]
    if match := _MONTH_FIRST.fullmatch(text):
        return [(int(match[3]), month, int(match[2])) for month in _months(match[1])]
    return []


def _months(word: str) -> list[int]:
    return [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)]


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _date_time(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    """To the minute: nobody says seconds."""
    kept = FIELD_TYPES["date_time"].clean(said, ())
    ours, theirs = (datetime.fromisoformat(each).replace(second=0, microsecond=0) for each in (kept, stands))
    return kept, ours == theirs


def _yes_no(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    kept = FIELD_TYPES["yes_no"].clean(said, ())
    return kept, kept is stands


def _link(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    """Scheme and host know no case; a last slash says nothing."""
    if not isinstance(said, str):
        raise ValueError("must be text")
    ours, theirs = (_address(each if "://" in each else f"https://{each}") for each in (said, stands))
    return said, ours == theirs


def _address(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("must be a web address") from None
    rest = parts._replace(scheme="", netloc="", path=parts.path.rstrip("/")).geturl()
    return f"{parts.scheme}://{parts.netloc}".casefold(), rest


def _member(said: Any, stands: Any, choices: Sequence[str]) -> tuple[Any, bool]:
    kept = FIELD_TYPES["member"].clean(said, ())
    return kept, kept == stands


_READERS: Mapping[str, Callable[[Any, Any, Sequence[str]], tuple[Any, bool]]] = {
    "number": _number,
    "date": _date,
    "date_time": _date_time,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "link": _link,
    "member": _member,
}
