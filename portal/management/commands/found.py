"""`manage.py found SLUG --name NAME --owner EMAIL`: start a new organization."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from handoffs.actions.templates import equip
from portal.sign_in import confirm_address
from tenants.actions import found
from tenants.models import Organization, User
from tenants.refusals import Refusal
from tenants.scope import scope

SIGN_IN = """\
{organization} is founded, with {count} templates to begin with.

  Its address   {address}/o/{slug}/
  Its owner     {owner}
  Next          {next}
                then make teams and invite people, at {address}/o/{slug}/admin/\
"""


class Command(BaseCommand):
    """Makes the organization, its owner, a first team and workspace, and the starter templates: all or nothing."""

    help = "Start a new organization with its owner, a first team, a workspace and the starter templates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What it is called, where it is, whose it is."""
        parser.add_argument("slug", metavar="SLUG", help="its address: small letters, digits, single hyphens")
        parser.add_argument("--name", required=True, help="as people write it")
        parser.add_argument(
            "--owner", required=True, metavar="EMAIL", help="the first owner; a login is made if needed"
        )
        parser.add_argument("--owner-name", default="", metavar="NAME", help="the owner's name, for a new login")
        parser.add_argument("--zone", default="UTC", help="time zone of its office hours, such as Europe/Berlin")
        parser.add_argument("--country", default="", metavar="CODE", help="whose public holidays it keeps, such as DE")

    def handle(self, *_: Any, **options: Any) -> None:
        """Found and equip in one transaction, and say what to do next."""
        with transaction.atomic():
            user = owner(options["owner"], options["owner_name"])
            organization, count = self.establish(user, options)
        has_password = user.has_usable_password()
        then = (
            "sign in with your password"
            if has_password
            else f"choose a password: manage.py changepassword {user.email}"
        )
        told = {"organization": organization.name, "slug": organization.slug, "count": count, "owner": user.email}
        self.stdout.write(SIGN_IN.format(address=settings.HANDRAIL_ADDRESS, next=then, **told))

    def establish(self, user: User, options: dict[str, Any]) -> tuple[Organization, int]:
        """The new organization and how many templates it has; raises CommandError with the reason in a sentence."""
        now = timezone.now()
        try:
            founded = found(
                name=options["name"],
                slug=options["slug"],
                owner=user,
                at=now,
                zone=options["zone"],
                country=options["country"],
            )
            with scope(founded.organization):
                return founded.organization, len(equip(by=founded.owner, at=now))
        except Refusal as refusal:
            raise CommandError(f"{options['slug']} was not founded. {refusal.sentence}") from refusal


def owner(email: str, name: str) -> User:
    """The login of this address, made if there is none; raises CommandError when it is no address."""
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"“{email}” is not an e-mail address.") from None
    known = User.objects.filter(email=email.lower()).first()
    if known is not None:
        return known
    made = User.objects.create_user(email, name=name)
    confirm_address(made)  # whoever runs the site says whose it is
    return made
