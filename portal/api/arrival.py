"""Who is asking. The address middleware found that out; here it is told to the framework."""

from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.api.problems import nothing_here
from tenants.models import Token, User

if TYPE_CHECKING:  # the framework reads this module while it is being imported itself
    from rest_framework.views import APIView


class Arrival(BaseAuthentication):
    """Trusts `request.member`; a session must also prove by CSRF token that the request is meant."""

    def authenticate(self, request: Request) -> tuple[User, Token | None] | None:
        """The member's user and the token, or None where no organization is addressed."""
        arrived: Any = request._request
        member = getattr(arrived, "member", None)
        if member is None or member.user is None:
            return None
        if arrived.token is None:
            self._require_csrf_token(request)
        return member.user, arrived.token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'

    def _require_csrf_token(self, request: Request) -> None:
        try:
            SessionAuthentication().enforce_csrf(request)
        except PermissionDenied:
            sentence = "Send the CSRF token of your session in the header X-CSRFToken, or use an API token."
            raise PermissionDenied(sentence, code="csrf_failed") from None


class IsMember(BasePermission):
    """Is a member of the organization in the address. Without an organization there is nothing at all."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """True for a member; 404 outside of `/o/<slug>/`."""
        if getattr(request, "member", None) is None:
            raise nothing_here()
        return True


class ArrivalScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the two ways in are described."""

    target_class = "portal.api.arrival.Arrival"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """A bearer token, or the session cookie with a CSRF token."""
        return [
            {"type": "http", "scheme": "bearer", "description": "An API token: `Authorization: Bearer hr_…`."},
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "A signed-in browser; what changes anything also needs the header X-CSRFToken.",
            },
        ]
