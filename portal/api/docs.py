"""The description of the API: as OpenAPI 3.1, and as a page that asks nobody else for anything."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views import View
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.endpoint import Endpoint
from portal.api.problems import nothing_here


class Schema(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or JSON."""


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page on which the API can be read and tried with one's own session."""
    get_token(request)  # sets the cookie from which the page takes its CSRF token
    return render(request, "api/docs.html")


class Nowhere(Endpoint):
    """Whatever else is asked for below the API's address."""

    http_method_names = list(View.http_method_names)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """There is nothing."""
        raise nothing_here()

    post = put = patch = delete = options = get  # type: ignore[assignment]
