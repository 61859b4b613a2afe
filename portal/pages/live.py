"""Pages that stay true while they are looked at: asked for again every few seconds, 304 when all is as it was.

The script sends the tag of what it shows (RFC 9110, If-None-Match). The tag is of the page as it would be drawn, but
for the token against forged requests, which is different in each answer.
"""

import re
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

HEADER = "Handrail-Live"
_TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+')


def as_it_was(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page with its tag, or 304 without it; pages that nobody keeps watching are left as they are."""
    if HEADER not in request.headers or request.method != "GET" or response.status_code != 200:
        return response
    tag = f'"{sha256(_TOKEN.sub(b"", response.content)).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Cache-Control"] = "no-store"
    unchanged = get_conditional_response(request, etag=tag, response=response)
    assert isinstance(unchanged, HttpResponse)
    return unchanged
