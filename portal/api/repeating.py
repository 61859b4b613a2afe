"""`Idempotency-Key`: a request that may be sent again without being done again (draft-ietf-httpapi-idempotency-key)."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from handoffs.remembered import once
from tenants.models import Member

HEADER = "Idempotency-Key"
# A string as RFC 8941 writes it, in quotes; many clients leave them out, so plain words are taken too.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\]){1,255})"', re.ASCII)
_PLAIN = re.compile(r"[\w.:/+=~!*@-]{1,255}", re.ASCII)

PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 257, "examples": ['"8e03978e-40d5-43e8-bc93-6894a57f9324"']},
    OpenApiParameter.HEADER,
    description=(
        "Names this request, such as by a UUID in quotes. Sent again by the same member with the same body within a "
        "day, it gets the same answer and nothing is made twice, also when both arrive at once. With another body it "
        "is refused with 422 `idempotency_key_reused`. A refused request does not use its key up."
    ),
)


def answer_once(request: Request, member: Member, at: datetime, do: Callable[[], Any]) -> Any:
    """What `do` answers, as the data of a response; under a key, what it answered the first time.

    Raises `ParseError` for a header that is no key, `Invalid` for the key of another request.
    """
    key = _key_of(request)
    if key is None:
        return do()
    words = [request.method, request.path.rstrip("/"), request.data]
    if request.META.get("QUERY_STRING"):
        words.append(request.META["QUERY_STRING"])
    asked = json.dumps(words, sort_keys=True, default=lambda raw: hashlib.sha256(raw).hexdigest())
    digest = hashlib.sha256(asked.encode()).hexdigest()
    return json.loads(once(lambda: _written(do()), member=member, key=key, request=digest, at=at))


def _written(data: Any) -> str:
    """The text of an answer."""
    text: bytes = JSONRenderer().render(data)
    return text.decode()


def _key_of(request: Request) -> str | None:
    """The key of this request, None when it has none."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    quoted = _QUOTED.fullmatch(given.strip())
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    if _PLAIN.fullmatch(given.strip()):
        return given.strip()
    raise ParseError(f'The header {HEADER} must be a text in quotes of at most 255 characters, such as "a-uuid".')
