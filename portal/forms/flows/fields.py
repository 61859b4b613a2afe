"""Form fields that the flow editor shares."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from handoffs.flows import conditions
from handoffs.flows.shapes import duration
from portal.durations import read_time, write_time

Choices = Sequence[tuple[str, Any]]
NONE = "–"


class ChosenField(forms.ChoiceField):
    """One of the choices; what is stored already can always be kept, also where it means nothing any more."""

    def __init__(self, *, stored: str = "", blank: str = NONE, choices: Choices = (), **options: Any) -> None:
        listed = list(choices)
        if stored and stored not in _values(listed):
            listed.append((stored, f"{stored} (not found)"))
        super().__init__(choices=[("", blank), *listed], required=False, **options)


class WorkingTimeField(forms.CharField):
    """Working time as people write it, such as `4 h` or `1 h 30 m`; cleans to what a document says: PT1H30M, or ""."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        """In words."""
        return write_time(value) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> str:
        """As ISO 8601."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            lasts = read_time(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None
        if lasts.total_seconds() % 60:
            raise ValidationError("Write it in hours and minutes.")
        return duration(lasts)


class ConditionField(forms.CharField):
    """A condition in words; what cannot be read is said with its place."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=conditions.LONGEST, required=False, **options)

    def clean(self, value: Any) -> str:
        """As it was written."""
        text: str = super().clean(value)
        try:
            if text:
                conditions.parsed(text)
        except conditions.Unreadable as fault:
            raise ValidationError(str(fault)) from None
        return text


def _values(choices: Iterable[tuple[Any, Any]]) -> set[str]:
    found: set[str] = set()
    for value, label in choices:
        found |= {str(inner) for inner, _ in label} if isinstance(label, list | tuple) else {str(value)}
    return found
