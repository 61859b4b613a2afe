"""What the terminal says once the site is up: where it is and who can sign in."""

from django.conf import settings

from tenants.arrival import organizations
from tenants.models import Member, Organization
from tenants.scope import scope


def demo_organizations() -> list[Organization]:
    """The organizations that are there to be tried out."""
    return [organization for organization in organizations() if organization.is_demo]


def text(address: str) -> str:
    """The address, and below it the people of each demo organization."""
    lines = ["", f"Handrail is at {address}/    (Ctrl-C stops it)"]
    if settings.HANDRAIL_DEMO:
        for organization in demo_organizations():
            lines += ["", f"{organization.name}: sign in with one click as", *people(organization)]
    return "\n".join([*lines, ""])


def people(organization: Organization) -> list[str]:
    """A line for each person who can sign in: name, role, e-mail."""
    with scope(organization):
        members = Member.objects.filter(organization=organization).people().able().select_related("user")
        return [
            f"  {member.name:<22} {member.get_role_display():<8} {member.user.email}"
            for member in members
            if member.user
        ]
