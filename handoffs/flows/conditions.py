"""Conditions on what earlier steps brought: a small language that compares, and does nothing else.

    review.result.decision = "Rejected" and (intake.context.amount > 1000 or intake.context.urgent = yes)

A path is step.context.field or step.result.field. Comparisons: = != < <= > >= contains, `is given`, `is empty`.
Values: "text", numbers, dates such as 2026-12-01, yes, no. `and` binds closer than `or`; parentheses group.
What is not known compares as false, except with `is empty`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Literal = str | Decimal | date | bool
SIDES = ("context", "result")
DEEPEST = 40  # parentheses within parentheses; nobody means more
LONGEST = 2_000  # characters


class Unreadable(ValueError):
    """The text is no condition; the message says where and what was expected."""


@dataclass(frozen=True)
class Comparison:
    """One field compared with one value. `operator` is one of OPERATORS; `value` is None for `is given`, `is empty`."""

    step: str
    side: str
    field: str
    operator: str
    value: Literal | None = None

    def holds(self, known: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bool:
        """Whether it is true of what is known."""
        found = known.get(self.step, {}).get(self.side, {}).get(self.field)
        empty = found is None or found == "" or found == []
        if self.operator in ("is given", "is empty"):
            return empty == (self.operator == "is empty")
        return not empty and _compared(found, self.operator, self.value)

    def paths(self) -> Iterator[tuple[str, str, str]]:
        """The (step, side, field) it looks at."""
        yield self.step, self.side, self.field

    def __str__(self) -> str:
        value = "" if self.value is None else f" {_written(self.value)}"
        return f"{self.step}.{self.side}.{self.field} {self.operator}{value}"


@dataclass(frozen=True)
class Both:
    """Every one of `parts` (word "and") or at least one of them (word "or")."""

    word: str
    parts: tuple["Condition", ...]

    def holds(self, known: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bool:
        """Whether it is true of what is known."""
        return (all if self.word == "and" else any)(part.holds(known) for part in self.parts)

    def paths(self) -> Iterator[tuple[str, str, str]]:
        """The (step, side, field) of every comparison in it."""
        for part in self.parts:
            yield from part.paths()

    def __str__(self) -> str:
        """What `parsed` reads as the same; no parenthesis that is not needed, so that it never grows deeper."""
        return f" {self.word} ".join(
            f"({part})" if isinstance(part, Both) and (self.word, part.word) != ("or", "and") else str(part)
            for part in self.parts
        )


Condition = Comparison | Both

OPERATORS = ("=", "!=", "<=", ">=", "<", ">", "contains", "is given", "is empty")
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*") | (?P<path>[a-z][a-z0-9_-]*\.[a-z]+\.[A-Za-z0-9_-]+)
      | (?P<date>\d{4}-\d{2}-\d{2}) | (?P<number>-?\d+(?:\.\d+)?) | (?P<sign>!=|<=|>=|=|<|>|\(|\))
      | (?P<word>is\s+given|is\s+empty|contains|and|or|yes|no)\b )""",
    re.VERBOSE,
)


def parsed(text: str) -> Condition:
    """The condition that `text` spells. Raises `Unreadable` with a sentence."""
    if len(text) > LONGEST:
        raise Unreadable(f"A condition may have {LONGEST} characters at most.")
    reader = _Reader(list(_tokens(text)))
    condition = reader.alternatives(0)
    if reader.peek() is not None:
        raise Unreadable(f"“{reader.peek()}” was not expected; join comparisons by “and” or “or”.")
    if len(str(condition)) > LONGEST:  # what is read can also be written and read again
        raise Unreadable(f"A condition may have {LONGEST} characters at most.")
    return condition


class NotNegatable(ValueError):
    """The language has no word for the opposite of this comparison."""


def negated(condition: Condition) -> Condition:
    """What is true when `condition` is not, for values of the kind that it compares with. Raises `NotNegatable`."""
    if isinstance(condition, Both):
        return Both("or" if condition.word == "and" else "and", tuple(negated(part) for part in condition.parts))
    empty = Comparison(condition.step, condition.side, condition.field, "is empty")
    if condition.operator in ("is given", "is empty"):
        return empty if condition.operator == "is given" else replace(empty, operator="is given")
    if condition.operator not in _OPPOSITE:
        raise NotNegatable(condition.operator)
    return Both("or", (replace(condition, operator=_OPPOSITE[condition.operator]), empty))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise Unreadable(f"“{text[place:].strip()[:30]}” cannot be read; a field is named step.result.field.")
        kind = str(found.lastgroup)
        yield kind, re.sub(r"\s+", " ", found[kind]) if kind == "word" else found[kind]
        place = found.end()


class _Reader:
    """Recursive descent over the tokens: or, and, then one comparison or a parenthesis."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    def peek(self) -> str | None:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else None

    def alternatives(self, depth: int) -> Condition:
        return self._joined("or", depth)

    def _joined(self, word: str, depth: int) -> Condition:
        parts = [self._joined("and", depth) if word == "or" else self._one(depth)]
        while self.peek() == word:
            self._next()
            parts.append(self._joined("and", depth) if word == "or" else self._one(depth))
        return parts[0] if len(parts) == 1 else Both(word, tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Unreadable("There are too many parentheses within each other.")
        kind, token = self._next()
        if token == "(":
            inner = self.alternatives(depth + 1)
            if self._next()[1] != ")":
                raise Unreadable("A parenthesis is not closed.")
            return inner
        if kind != "path":
            raise Unreadable(f"“{token}” is no field; a field is named step.result.field.")
        step, side, field = token.split(".")
        if side not in SIDES:
            raise Unreadable(f"“{token}”: after the step comes “context” or “result”.")
        operator = self._next()[1]
        if operator not in OPERATORS:
            raise Unreadable(f"“{operator}” is no comparison; use one of: {', '.join(OPERATORS)}.")
        if operator.startswith("is "):
            return Comparison(step, side, field, operator)
        return Comparison(step, side, field, operator, self._value(operator))

    def _value(self, operator: str) -> Literal:
        kind, token = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if kind == "number":
            return Decimal(token)
        if kind == "date":
            try:
                return date.fromisoformat(token)
            except ValueError:
                raise Unreadable(f"“{token}” is no date.") from None
        if token in ("yes", "no"):
            return token == "yes"
        raise Unreadable(f'After “{operator}” comes a value: "text", a number, a date, yes or no.')

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise Unreadable("The condition ends too early.")
        self._place += 1
        return self._tokens[self._place - 1]


def _compared(found: Any, operator: str, value: Literal | None) -> bool:
    if operator == "contains":
        return str(value) in found if isinstance(found, list) else str(value).casefold() in str(found).casefold()
    pair = _alike(found, value)
    if pair is None:
        return operator == "!="
    mine, theirs = pair
    match operator:
        case "=":
            return bool(mine == theirs)
        case "!=":
            return bool(mine != theirs)
        case "<":
            return bool(mine < theirs)
        case "<=":
            return bool(mine <= theirs)
        case ">":
            return bool(mine > theirs)
    return bool(mine >= theirs)


def _alike(found: Any, value: Literal | None) -> tuple[Any, Any] | None:
    """Both as what the condition's value is; None when the stored value is nothing of that kind."""
    if isinstance(value, bool) or isinstance(found, bool):
        return (found, value) if isinstance(found, bool) and isinstance(value, bool) else None
    try:
        if isinstance(value, Decimal):
            number = Decimal(str(found))
            return (number, value) if number.is_finite() else None  # some of what is not finite cannot be compared
        if isinstance(value, date):
            return date.fromisoformat(str(found)[:10]), value
    except (InvalidOperation, ValueError):
        return None
    return str(found), value


def _written(value: Literal) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()
