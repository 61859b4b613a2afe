"""Whether a value of one field fits into another, and what a field can be compared with."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from handoffs.flows.conditions import Comparison
from handoffs.flows.facts import FieldFact

_ORDERED = ("=", "!=", "<", "<=", ">", ">=")
_EQUAL = ("=", "!=")
# Text of one line that is never longer than a text field.
_SHORT = ("text", "email", "choice", "number", "date", "date_time")
_WORDS = (*_SHORT, "link", "long_text")


class Fit(StrEnum):
    """How sure it is that a value can be kept by another field."""

    SURELY = "surely"
    PERHAPS = "perhaps"
    NEVER = "never"


def fit(source: FieldFact, target: FieldFact) -> Fit:
    """Whether what `source` holds can be kept by `target`."""
    if source.type == target.type:
        return _choices(source, target) if target.choices else Fit.SURELY
    match target.type:
        case "long_text":
            return Fit.SURELY if source.type in _WORDS else Fit.NEVER
        case "text":
            return Fit.SURELY if source.type in _SHORT else Fit.PERHAPS if source.type in _WORDS else Fit.NEVER
        case "number" | "date" | "date_time" | "email" | "link" | "choice":
            return Fit.PERHAPS if source.type in ("text", "long_text", "choice") else Fit.NEVER
    return Fit.NEVER


def _choices(source: FieldFact, target: FieldFact) -> Fit:
    mine, theirs = set(source.choices), set(target.choices)
    return Fit.SURELY if mine <= theirs else Fit.PERHAPS if mine & theirs else Fit.NEVER


def cannot_compare(field: FieldFact, comparison: Comparison) -> str:
    """Why this comparison makes no sense for this field; '' when it does."""
    operator, value = comparison.operator, comparison.value
    if operator in ("is given", "is empty"):
        return ""
    label = f"“{field.label}”"
    match field.type:
        case "choice":
            good = operator in _EQUAL and value in field.choices
            return "" if good else f"{label} is one of: {', '.join(field.choices)}; compare it by = or != with one."
        case "choices":
            good = operator == "contains" and value in field.choices
            return "" if good else f"{label} holds several of: {', '.join(field.choices)}; ask whether it contains one."
        case "yes_no":
            good = operator in _EQUAL and isinstance(value, bool)
            return "" if good else f"{label} is yes or no; compare it by = or != with yes or no."
        case "number":
            good = operator in _ORDERED and isinstance(value, Decimal)
            return "" if good else f"{label} is a number; compare it with a number such as 1000."
        case "date" | "date_time":
            good = operator in _ORDERED and isinstance(value, date)
            return "" if good else f"{label} is a date; compare it with a date such as 2026-12-01."
        case "member":
            return f"{label} names a member; ask only whether it is given or is empty."
    good = operator in (*_EQUAL, "contains") and isinstance(value, str)
    return "" if good else f'{label} is text; compare it by =, != or contains with "text".'
