"""Hours as people write them, in fields that keep them as data: a week, special days, hours of later."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.forms import later, words


class WordsField(forms.CharField):
    """Text in, data out; subclasses say how it is read and written."""

    widget: Any = forms.Textarea({"rows": 4})
    read: Callable[[str], Any]
    write: Callable[[Any], str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20_000, "required": False, **options})

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return value if value is None or isinstance(value, str) else type(self).write(value)

    def clean(self, value: Any) -> Any:
        """The data."""
        try:
            return type(self).read(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error), code="unreadable") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as written."""
        return super().has_changed(self.prepare_value(initial or []), data)


class WeekField(WordsField):
    """The hours of a week: `Mon–Fri 09:00-17:00`, a line for each run of days."""

    read = staticmethod(later.read_week)
    write = staticmethod(lambda value: words.write_week(value).replace("; ", "\n") if value else "")


class DaysField(WordsField):
    """Special days, one a line."""

    read = staticmethod(words.read_days)
    write = staticmethod(words.write_days)


class LaterField(WordsField):
    """Weekly hours that apply from a date on, one a line."""

    read = staticmethod(later.read_later)
    write = staticmethod(later.write_later)
