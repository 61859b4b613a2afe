"""A small site to walk through the middleware with."""

import json
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from tenants.models import Member, Organization, Team
from tenants.scope import current_organization_id


def here(request: HttpRequest) -> JsonResponse:
    """What the request knows about where it is."""
    return JsonResponse(
        {
            "organization": request.organization and request.organization.slug,  # type: ignore[attr-defined]
            "member": request.member and request.member.name,  # type: ignore[attr-defined]
            "token": request.token and request.token.name,  # type: ignore[attr-defined]
            "user": request.user.is_authenticated and str(request.user),
            "scope": str(current_organization_id()),
            "organizations": list(Organization.objects.values_list("slug", flat=True)),
            "reverse": reverse("here"),
            "path": [request.path_info, request.path, request.META["SCRIPT_NAME"], request.META["PATH_INFO"]],
            "absolute": request.build_absolute_uri(),
        }
    )


def rename(request: HttpRequest) -> HttpResponse:
    """Change something, and then do as `then` says."""
    organization = request.organization  # type: ignore[attr-defined]
    Organization.objects.filter(pk=organization.pk).update(name="Renamed")
    match request.GET["then"]:
        case "fail":
            raise RuntimeError("after the change")
        case "missing":
            raise Http404
        case "500":
            return HttpResponse(status=500)
    return HttpResponse("fine")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Rows that are read while they are sent."""

    def lines() -> Iterator[str]:
        for team in Team.objects.all():
            yield json.dumps([team.name, reverse("here"), str(current_organization_id())])

    return StreamingHttpResponse(lines())


def file(request: HttpRequest) -> FileResponse:
    """A file of the disk."""
    return FileResponse(open(__file__, "rb"))


def everyone_named(request: HttpRequest) -> JsonResponse:
    """Members by name."""
    return JsonResponse({"members": list(Member.objects.values_list("name", flat=True))})


urlpatterns = [
    path("here/", here, name="here"),
    path("rename/", csrf_exempt(rename)),
    path("stream/", stream),
    path("file/", file),
    path("api/v1/here", here),
    path("api/v1/members", everyone_named),
]
