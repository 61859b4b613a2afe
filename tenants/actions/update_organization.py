"""Change what an organization is called, its hue and its zone."""

from datetime import datetime

from tenants.models import Member, Organization
from tenants.rules import must_run_the_organization, saving


def update_organization(*, name: str, hue: int, zone: str, by: Member, at: datetime) -> Organization:
    """Change name, accent hue (degrees, 0 to 360) and the zone of those who chose none; the address stays.

    Raises Forbidden not_an_admin, Invalid.
    """
    must_run_the_organization(by)
    organization = Organization.objects.get(pk=by.organization_id)
    organization.name, organization.hue, organization.zone = name, hue, zone
    with saving():
        organization.full_clean(validate_unique=False, validate_constraints=False)
        organization.save(update_fields=["name", "hue", "zone"])
    by.organization = organization
    return organization
