"""How the product says no: a stable code for programs and one sentence for people."""

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["forbidden", "conflict", "invalid", "missing", "too_many"]


class Refusal(Exception):
    """Something asked for is not done; every interface translates this one family, once."""

    code: str = "refused"
    kind: Kind = "conflict"

    def __init__(
        self,
        sentence: str,
        *,
        code: str | None = None,
        kind: Kind | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.code
        self.kind = kind or self.kind
        self.details: dict[str, Any] = dict(details or {})


class Forbidden(Refusal):
    """This person may not do that."""

    code = "forbidden"
    kind: Kind = "forbidden"


class Conflict(Refusal):
    """It cannot be done as things stand now."""

    code = "conflict"
    kind: Kind = "conflict"


class Invalid(Refusal):
    """What was given does not make sense; `details` names the fields."""

    code = "invalid"
    kind: Kind = "invalid"


class Missing(Refusal):
    """There is no such thing, or none that may be seen from here."""

    code = "missing"
    kind: Kind = "missing"
