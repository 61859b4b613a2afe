"""What every address of the API has in common."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar, cast

from django.http import HttpRequest, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from portal.api.problems import invalid_fields
from tenants.address import AddressedRequest
from tenants.models import Member

LONGEST_KEPT = 500  # letters of a wording

T = TypeVar("T")


class OnlyJSON(BaseContentNegotiation):
    """There is one form of answer, whatever is asked for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser of the body's type, None for a 415."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first and only one."""
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """One address. Answers GET with an ETag of what it says, so that asking again costs no transfer."""

    content_negotiation_class = OnlyJSON
    http_method_names = ["get", "head", "post"]

    @property
    def member(self) -> Member:
        """Who is asking."""
        return self.addressed.member

    @property
    def addressed(self) -> AddressedRequest:
        """The request with what the address middleware put on it."""
        return cast("AddressedRequest", self.request._request)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Reads everything as UTF-8, whatever charset the request claims: some of Python's are no text at all."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def words(self, serializer: type[Serializer[Any]], given: Any) -> dict[str, Any]:
        """What was sent, cleaned by `serializer`; raises `ValidationError`, which becomes a 422.

        A misspelt name is refused, for ignoring it would do or answer something else than was asked.
        """
        return _cleaned(serializer, given, member=self.member)

    def asked(self, serializer: type[Serializer[Any]]) -> Mapping[str, Any]:
        """The same for what the address says after its question mark, where none of it hangs on who asks.

        Programs ask the same again and again: each wording is read once in the life of a process.
        """
        query = self.addressed.META.get("QUERY_STRING", "")
        return _asked(serializer, query) if len(query) <= LONGEST_KEPT else _asked.__wrapped__(serializer, query)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Adds what lets a client, and nobody between, keep the answer."""
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(cast("Any", final), ["Authorization", "Cookie"])
        final.headers.setdefault("Cache-Control", "private, no-cache")
        if request.method in ("GET", "HEAD") and isinstance(final, Response) and final.status_code == 200:
            final.add_post_render_callback(lambda rendered: _conditional(request._request, rendered))
        return final


def _cleaned(serializer: type[Serializer[Any]], given: Any, **context: Any) -> dict[str, Any]:
    asked = serializer(data=given, context=context)
    if isinstance(given, Mapping) and (unknown := sorted(given.keys() - asked.fields.keys())):
        raise invalid_fields({name: ["There is no such field."] for name in unknown})
    asked.is_valid(raise_exception=True)
    return cast("dict[str, Any]", asked.validated_data)


@lru_cache(maxsize=500)
def _asked(serializer: type[Serializer[Any]], query: str) -> Mapping[str, Any]:
    """What is wrong with a wording is said anew each time: exceptions are not kept."""
    return MappingProxyType(_cleaned(serializer, QueryDict(query.encode("iso-8859-1"), encoding="utf-8")))


def _conditional(request: HttpRequest, response: Any) -> Any:
    """The answer, or a 304 when the client has just that already."""
    etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag, None, response)
