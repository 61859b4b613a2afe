"""Form fields for what is written in words and kept as data."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from portal.durations import read_time, write_time
from portal.forms import hours, words
from tenants.hours import WEEKDAYS

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class TimeField(forms.CharField):
    """Working time: `1 h 30 m`."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 60, "strip": True, "empty_value": None, **options})

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return write_time(value) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        """A timedelta; None for nothing."""
        text = super().clean(value)
        return _read(read_time, text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as written."""
        return super().has_changed(self.prepare_value(initial), data)


class WhenField(forms.CharField):
    """When a rung is due: `50 %`, `1 h after`; cleans to a share or an offset."""

    widget = UnfoldAdminTextInputWidget

    def clean(self, value: Any) -> Any:
        """A Decimal or a timedelta."""
        return _read(words.read_when, super().clean(value))


class Drawn:
    """A widget whose template is one of ours; the forms' own renderer looks into libraries alone."""

    template_name: str

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Drawn by the site's templates."""
        context = self.get_context(name, value, attrs)  # type: ignore[attr-defined]
        return render_to_string(self.template_name, context)


class WeekWidget(Drawn, forms.MultiWidget):
    """A line for each weekday, beside its name."""

    template_name = "admin/widgets/week.html"

    def __init__(self, attrs: Any = None) -> None:
        lines = [UnfoldAdminTextInputWidget({"placeholder": "closed", "aria-label": day}) for day in DAY_NAMES]
        super().__init__(lines, attrs)

    def decompress(self, value: Any) -> list[str]:
        """The lines of a week."""
        week = value if isinstance(value, dict) else {}
        return [words.write_intervals(week.get(day, [])) for day in WEEKDAYS]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the names of the days."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for day, line in zip(DAY_NAMES, context["widget"]["subwidgets"], strict=True):
            line["day"] = day
        return context


class WeekField(forms.MultiValueField):
    """The hours of a week, a line for each day."""

    widget = WeekWidget

    def __init__(self, **options: Any) -> None:
        lines = [forms.CharField(max_length=200, required=False) for _ in WEEKDAYS]
        super().__init__(lines, require_all_fields=False, **{**options, "required": False})

    def compress(self, data_list: Sequence[str]) -> dict[str, Any]:
        """Hours per weekday; days that stay closed are left out."""
        week = {}
        for day, name, line in zip(WEEKDAYS, DAY_NAMES, data_list or [""] * 7, strict=True):
            try:
                intervals = words.read_intervals(line or "")
            except ValueError as error:
                raise ValidationError(f"{name}: {error}", code="hours_malformed") from None
            if intervals:
                week[day] = intervals
        return week


class DaysField(hours.DaysField):
    """Special days, one a line, dressed for the admin."""

    widget = UnfoldAdminTextareaWidget


class LaterField(hours.LaterField):
    """Weekly hours that apply from a date on, one a line, dressed for the admin."""

    widget = UnfoldAdminTextareaWidget


class LinesField(forms.CharField):
    """A list, one a line."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 10_000, "required": False, **options})

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines that are not empty, each once."""
        lines = (line.strip() for line in super().clean(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as written."""
        return super().has_changed(self.prepare_value(initial or []), data)


def _read(read: Any, text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise ValidationError(str(error), code="unreadable") from None
