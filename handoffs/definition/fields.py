"""Field types: one class each, which alone knows how its value is cleaned, stored, described and shown."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

TEXT_LIMIT, LONG_TEXT_LIMIT = 500, 20_000
# PostgreSQL stores neither NUL nor lone surrogates; refusing them here keeps bad input from becoming a server error.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class FieldType:
    """One type. `clean` takes what a form or JSON gives and returns what is stored; ValueError says why not."""

    name: ClassVar[str]
    label: ClassVar[str]
    has_choices: ClassVar[bool] = False

    def clean(self, value: Any, choices: Sequence[str]) -> Any:
        raise NotImplementedError

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        """JSON Schema (2020-12) of the stored value."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        return str(value)


class Text(FieldType):
    """Up to 500 characters."""

    name, label, limit = "text", "Text", TEXT_LIMIT

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        if not isinstance(value, str):
            raise ValueError("must be text")
        if not is_storable(value):
            raise ValueError("contains characters that cannot be stored")
        if len(value) > self.limit:
            raise ValueError(f"is longer than {self.limit} characters")
        return value.strip()

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.limit}


class LongText(Text):
    """Up to 20,000 characters, over several lines."""

    name, label, limit = "long_text", "Long text", LONG_TEXT_LIMIT


class Number(FieldType):
    """Stored as a decimal string, so that no digit is lost on the way through JSON."""

    name, label = "number", "Number"

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise ValueError("must be a number")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise ValueError("must be a number") from None
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or number.adjusted() > 30 or exponent < -30:
            raise ValueError("must be a number of at most 30 digits")
        return format(number, "f")

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": ["number", "string"], "format": "decimal"}


class Date(FieldType):
    """A day, stored as ISO 8601."""

    name, label = "date", "Date"

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        try:
            return date.fromisoformat(str(value).strip()).isoformat()
        except ValueError:
            raise ValueError("must be a date such as 2026-12-01") from None

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def show(self, value: Any) -> str:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"


class DateTime(FieldType):
    """An instant, stored as ISO 8601 in UTC; a zone must be given."""

    name, label = "date_time", "Date and time"

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
            if instant.tzinfo is None:
                raise ValueError
            return instant.astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            raise ValueError("must be a date and time with a zone, such as 2026-12-01T09:00+02:00") from None

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def show(self, value: Any) -> str:
        return f"{datetime.fromisoformat(value):%d %B %Y, %H:%M} UTC"


class Choice(FieldType):
    """One of the choices."""

    name, label, has_choices = "choice", "Choice", True

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        if value not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return str(value)

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "enum": list(choices)}


class Choices(FieldType):
    """Any of the choices, stored in the order of the definition."""

    name, label, has_choices = "choices", "Several choices", True

    def clean(self, value: Any, choices: Sequence[str]) -> list[str]:
        if not isinstance(value, list | tuple) or any(item not in choices for item in value):
            raise ValueError(f"must be a list out of: {', '.join(choices)}")
        return [choice for choice in choices if choice in value]

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(choices)}, "uniqueItems": True}

    def show(self, value: Any) -> str:
        return ", ".join(value)


class YesNo(FieldType):
    """A yes or a no; no is an answer."""

    name, label = "yes_no", "Yes or no"

    def clean(self, value: Any, choices: Sequence[str]) -> bool:
        if isinstance(value, str) and value.lower() in ("yes", "true", "no", "false"):
            return value.lower() in ("yes", "true")
        if not isinstance(value, bool):
            raise ValueError("must be yes or no")
        return value

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "boolean"}

    def show(self, value: Any) -> str:
        return "Yes" if value else "No"


class Email(Text):
    """One address."""

    name, label = "email", "E-mail"

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        address = super().clean(value, choices)
        try:
            validate_email(address)
        except ValidationError:
            raise ValueError("must be an e-mail address") from None
        return address

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "format": "email"}


class Link(Text):
    """One http(s) address."""

    name, label, limit = "link", "Link", 2_000

    def clean(self, value: Any, choices: Sequence[str]) -> str:
        return clean_url(super().clean(value, choices))

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "string", "format": "uri", "maxLength": self.limit}


class MemberField(FieldType):
    """A member of the organization, stored by id; the interface checks that the reader knows them."""

    name, label = "member", "Member"

    def clean(self, value: Any, choices: Sequence[str]) -> int:
        if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit() or len(str(value)) > 18:
            raise ValueError("must be a member")
        return int(value)

    def schema(self, choices: Sequence[str]) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1}


FIELD_TYPES: dict[str, FieldType] = {
    kind.name: kind()
    for kind in (Text, LongText, Number, Date, DateTime, Choice, Choices, YesNo, Email, Link, MemberField)
}


def clean_url(value: str) -> str:
    """An http(s) address with a host; anything else (javascript:, data:, …) is refused with ValueError."""
    try:
        parts = urlsplit(value)
        ok = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        ok = False
    if not ok:
        raise ValueError("must be a web address that starts with http:// or https://")
    return value


def is_storable(words: str) -> bool:
    """Whether PostgreSQL can keep this text."""
    return _UNSTORABLE.search(words) is None


def is_given(value: Any) -> bool:
    """False and 0 are answers; nothing, blank text and an empty list are not."""
    return value is not None and value != "" and value != []
