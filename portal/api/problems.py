"""Every way the API says no, as RFC 9457 problem details; refusals of the product are translated here and only here."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.response import Response

from portal.trouble import RETRY_SECONDS, SENTENCES, UNAVAILABLE
from tenants.refusals import Invalid, Missing, Refusal

MEDIA_TYPE = "application/problem+json"
STATUS = {"forbidden": 403, "conflict": 409, "invalid": 422, "missing": 404, "too_many": 429}
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
# The framework's words for what is not the product's refusal: status → code.
CODES = {400: "malformed", 401: "not_signed_in", 404: "missing", 405: "method_not_allowed", 415: "unsupported_type"}

log = logging.getLogger("django.request")


class TooLarge(exceptions.APIException):
    """The body is larger than any request needs."""

    status_code = 413
    default_detail = "The body of this request is too large."
    default_code = "too_large"


def nothing_here() -> Missing:
    """The one 404: the same for what does not exist, what may not be seen, and what is another organization's."""
    return Missing("There is nothing at this address.")


def invalid_fields(fields: Mapping[str, Sequence[str]]) -> Invalid:
    """Words that cannot be taken: field → sentences."""
    named = "; ".join(f"{name}: {' '.join(sentences)}" for name, sentences in fields.items())
    return Invalid(f"This cannot be taken. {named}", code="invalid", details={"fields": dict(fields)})


def problem(
    status: int,
    sentence: str,
    code: str,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; `details` become members beside the standard ones."""
    body = {
        **(details or {}),
        "type": f"urn:handrail:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": sentence,
        "code": code,
    }
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def answer_exception(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """The framework's exception handler. Whatever was written before the exception is undone."""
    if connection.in_atomic_block:
        # The innermost transaction is the one that the address opened around this request.
        transaction.set_rollback(True)
    if isinstance(exc, exceptions.ValidationError):
        exc = invalid_fields(_flat(exc.detail))
    if isinstance(exc, Http404):
        exc = nothing_here()
    if isinstance(exc, Refusal):
        return problem(STATUS[exc.kind], exc.sentence, exc.code, exc.details, _wait(exc.details.get("again_at")))
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    if isinstance(exc, BadRequest | SuspiciousOperation):
        return problem(400, "This request cannot be read.", "malformed")
    if isinstance(exc, DjangoPermissionDenied):
        return problem(403, "This is not yours to do.", "forbidden")
    if isinstance(exc, UNAVAILABLE):
        return problem(503, SENTENCES[503], "unavailable", headers={"Retry-After": str(RETRY_SECONDS)})
    return None if settings.DEBUG else _fault(exc, context)


def _of_framework(exc: exceptions.APIException) -> Response:
    status = exc.status_code
    codes = exc.get_codes()
    code = CODES.get(status) or (codes if isinstance(codes, str) else "refused")
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(exc.auth_header)  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait))  # type: ignore[attr-defined]
    return problem(status, str(exc.detail), code, headers=headers)


def _fault(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Our own mistake: logged as any page's, answered in the form that integrations read."""
    request = context["request"]._request
    got_request_exception.send(sender=answer_exception, request=request)
    log.error("Internal Server Error: %s", request.path, exc_info=exc, extra={"status_code": 500, "request": request})
    return problem(500, "Something went wrong here. It has been written down; please try again later.", "fault")


def _wait(again_at: str | None) -> dict[str, str]:
    """Retry-After in whole seconds, where the refusal knows the instant."""
    if again_at is None:
        return {}
    seconds = (datetime.fromisoformat(again_at) - timezone.now()).total_seconds()
    return {"Retry-After": str(max(1, int(seconds) + 1))}


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """The framework's nested messages as {field: [sentence]}; a field inside a field is named with a dot."""
    if isinstance(detail, Mapping):
        inner = [_flat(value, f"{name}.{key}" if name else str(key)) for key, value in detail.items()]
        return {key: sentences for found in inner for key, sentences in found.items()}
    sentences = detail if isinstance(detail, list) else [detail]
    return {name or "body": [str(sentence) for sentence in sentences]}
