"""What is read when a request ends in trouble of which no page of its own tells: words for people, or a problem.

A problem is what programs read, by RFC 9457.

Each names its status, says what to do, and needs neither a database nor anybody signed in.
"""

import re
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenants.address import plain_problem

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# The server does not answer, or gave up waiting for somebody else's lock: in a moment it may.
UNAVAILABLE = (OperationalError, InterfaceError)
RETRY_SECONDS = 20
AROUND_A_FILE = 1024 * 1024  # what a form says besides its file
_API = re.compile(r"/o/[^/]+/api/|/api/")

Respond = Callable[[HttpRequest], HttpResponseBase]


def bounded(get_response: Respond) -> Respond:
    """Middleware that refuses a body larger than any document may be, before it is read."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > settings.HANDRAIL_DOCUMENT_LIMIT_BYTES + AROUND_A_FILE:
            response = too_large(request)
            response["Connection"] = "close"  # what was not read is still on its way
            return response
        return get_response(request)

    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: a request that cannot be read, or is more than can be."""
    return too_large(request) if isinstance(exception, TOO_MUCH) else _told(request, 400, "malformed")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the database does not answer, or a fault of ours."""
    if not isinstance(sys.exc_info()[1], UNAVAILABLE):
        return _told(request, 500, "fault")
    response = _told(request, 503, "unavailable")
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """More than we take at once."""
    return _told(request, 413, "too_large", megabytes=settings.HANDRAIL_DOCUMENT_LIMIT_BYTES // (1024 * 1024))


SENTENCES = {
    400: "This request cannot be read.",
    413: "This is more than is taken at once.",
    500: "Something went wrong here. It has been written down; please try again later.",
    503: "Handrail does not reach its database; try again in half a minute. Nothing was changed.",
}


def _told(request: HttpRequest, status: int, code: str, **facts: object) -> HttpResponse:
    if _API.match(request.path):
        return plain_problem(status, SENTENCES[status], code)
    return render(None, f"{status}.html", facts, status=status)
