"""The organization in the address: `/o/<slug>/…` is served as if the site were mounted there.

The prefix moves into the script prefix, so that every link, redirect and sign-in made below is right by itself.
The rest of the request runs in the scope of that organization, which is one transaction.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from tenants.arrival import Arrival, at_once, by_key, by_session
from tenants.models import Member, Organization, Token, User
from tenants.scope import arriving, scope

API = "/api/"
_ADDRESS = re.compile(r"/o/(?P<slug>[^/]+)(?P<path>/.*)?", re.DOTALL)


class AddressedRequest(HttpRequest):
    """For type hints: a request below `/o/<slug>/`, where organization and member are always there."""

    organization: Organization
    member: Member
    token: Token | None


class Address:
    """Middleware that puts the addressed organization in force; outside of `/o/` it only says that there is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Send to sign-in, refuse, or serve inside the organization."""
        _note(request, organization=None, member=None, token=None, token_refused=False)
        match = _ADDRESS.fullmatch(request.path_info)
        if match is None:
            return self.get_response(request)
        slug, path = match["slug"], match["path"]
        if path is None:
            return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
        is_api = path.startswith(API)
        key = _bearer_key(request) if is_api else None
        if key is None and SESSION_KEY in request.session:
            with arriving() as enter:
                member = at_once(request.session, slug)
                if member is not None and member.user is not None:
                    enter(member.organization)
                    request.user = member.user
                    return self._serve(request, member, slug, path)
        arrival = _arrive(request, slug, key)
        if arrival is None:
            return _sign_in_first(request, is_api)
        if arrival.member is None:
            return _not_here(is_api)
        with scope(arrival.member.organization):
            return self._serve(request, arrival.member, slug, path)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view failed: what it had written must not be committed with its error page."""
        _note(request, failed=True)

    def _serve(self, request: HttpRequest, member: Member, slug: str, path: str) -> HttpResponseBase:
        """Inside the organization's transaction."""
        organization = member.organization
        _note(request, organization=organization, member=member, failed=False)
        with _mounted(slug):
            request.path_info = path
            request.META["SCRIPT_NAME"], request.META["PATH_INFO"] = get_script_prefix().rstrip("/"), path
            response = self.get_response(request)
            if request.failed or response.status_code >= 500:  # type: ignore[attr-defined]
                transaction.set_rollback(True)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            # It is read after this returns, when the transaction is over: give it one of its own.
            chunks: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]
            response.streaming_content = _streamed(chunks, organization, slug)
        return response


def _arrive(request: HttpRequest, slug: str, key: str | None) -> Arrival | None:
    """Who is asking, by API key or by what Django makes of the session; None when that is unknown."""
    if key is None:
        return by_session(request.user, slug) if isinstance(request.user, User) else None
    arrival = by_key(key, slug, timezone.now())
    if arrival is None:
        _note(request, token_refused=True)
        return None
    _note(request, token=arrival.token)
    if arrival.member is not None and arrival.member.user is not None:
        request.user = arrival.member.user
    return arrival


def _bearer_key(request: HttpRequest) -> str | None:
    """The key of an `Authorization: Bearer` header."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _sign_in_first(request: HttpRequest, is_api: bool) -> HttpResponseBase:
    """The same answer for organizations that exist and those that do not."""
    if not is_api:
        return redirect_to_login(request.get_full_path())
    refused: bool = request.token_refused  # type: ignore[attr-defined]
    response = plain_problem(
        401,
        "The token is unknown, expired or revoked." if refused else "Sign in or send a token.",
        code="token_refused" if refused else "not_signed_in",
    )
    response["WWW-Authenticate"] = 'Bearer realm="api"' + (', error="invalid_token"' if refused else "")
    return response


def _not_here(is_api: bool) -> HttpResponseBase:
    """The same answer for organizations one does not belong to and those that do not exist."""
    if is_api:
        return plain_problem(404, "There is nothing at this address.", code="missing")
    raise Http404("There is nothing at this address.")


def plain_problem(status: int, sentence: str, code: str) -> JsonResponse:
    """An RFC 9457 problem: no view is reached that could make one."""
    body = {
        "type": f"urn:handrail:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": code,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


@contextmanager
def _mounted(slug: str) -> Iterator[None]:
    """Let reverse() build addresses below the organization's."""
    former = get_script_prefix()
    set_script_prefix(f"{former}o/{slug}/")
    try:
        yield
    finally:
        # The WSGI handler sets the prefix for each request, but not every caller is that handler.
        set_script_prefix(former)


def _streamed(chunks: Iterable[bytes], organization: Organization, slug: str) -> Iterator[bytes]:
    with _mounted(slug), scope(organization):
        yield from chunks


def _note(request: HttpRequest, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(request, name, value)
