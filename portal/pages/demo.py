"""The demo: one click to be one of its people. Only where the demo is on."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portal.pages.base import SeeOther
from portal.sign_in import sign_in as sign_in_as
from portal.welcome import demo_organizations
from tenants.models import Member, Organization, TeamMembership
from tenants.scope import scope


@dataclass(frozen=True)
class Person:
    """Somebody of the demo: what they are, and the e-mail that names them."""

    name: str
    role: str
    email: str
    organization: str


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as the demo person with this e-mail; 404 for anybody else, and wherever there is no demo."""
    if not settings.HANDRAIL_DEMO:
        raise Http404
    email = request.POST.get("email", "")
    for organization in demo_organizations():
        with scope(organization):
            member = next((m for m in _members(organization) if m.user and m.user.email == email), None)
        if member is not None and member.user is not None:
            sign_in_as(request, member.user)
            return SeeOther(f"/o/{organization.slug}/")
    raise Http404


def people() -> list[Person]:
    """Everyone to be in the demo organizations, with role and teams."""
    return [person for organization in demo_organizations() for person in _people(organization)]


def _people(organization: Organization) -> list[Person]:
    with scope(organization):
        teams: dict[int, list[str]] = {}
        places = TeamMembership.objects.filter(organization=organization, team__closed_at=None)
        for member_id, team in places.order_by("team__name").values_list("member_id", "team__name"):
            teams.setdefault(member_id, []).append(team)
        return [
            Person(m.name, _role(m, teams.get(m.id, [])), m.user.email, organization.name)
            for m in _members(organization)
            if m.user
        ]


def _members(organization: Organization) -> list[Member]:
    return list(Member.objects.filter(organization=organization).people().able().select_related("user"))


def _role(member: Member, teams: list[str]) -> str:
    return " · ".join([str(member.get_role_display()), *teams])
