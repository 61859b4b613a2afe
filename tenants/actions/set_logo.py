"""Give an organization a logo, or take it away."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tenants.models import Logo, Member, Organization
from tenants.pictures import redrawn
from tenants.rules import must_run_the_organization


def set_logo(*, picture: bytes, by: Member, at: datetime) -> Organization:
    """Keep a picture, drawn anew, as the logo in place of the former; the same one again changes nothing.

    Raises Forbidden not_an_admin, Invalid picture_unreadable or picture_too_large.
    """
    must_run_the_organization(by)
    drawn = redrawn(picture)
    digest = sha256(drawn).hexdigest()
    if by.organization.logo == digest:
        return by.organization
    given = {"picture": drawn, "digest": digest, "set_by": by, "set_at": at}
    with transaction.atomic():
        Logo.objects.update_or_create(organization_id=by.organization_id, defaults=given)
        return _named(by, digest)


def remove_logo(*, by: Member, at: datetime) -> Organization:
    """Show the name alone again; done twice, it changes nothing. Raises Forbidden not_an_admin."""
    must_run_the_organization(by)
    with transaction.atomic():
        Logo.objects.filter(organization_id=by.organization_id).delete()
        return _named(by, "")


def _named(by: Member, digest: str) -> Organization:
    by.organization.logo = digest
    by.organization.save(update_fields=["logo"])
    return by.organization
