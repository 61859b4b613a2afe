"""`manage.py token ORG EMAIL`: make an API token and print it, this once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.actions import issue_token
from tenants.arrival import organization_at
from tenants.models import Member
from tenants.refusals import Refusal
from tenants.scope import scope


class Command(BaseCommand):
    """Makes a token for a member; whoever holds it acts as that member."""

    help = "Make an API token for a member of an organization and print it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose token, and what it is for."""
        parser.add_argument("organization", metavar="ORG", help="the organization's slug")
        parser.add_argument("email", metavar="EMAIL", help="the member's e-mail address")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the token alone on a line, so that a script can take it."""
        organization = organization_at(options["organization"])
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']}.")
        with scope(organization):
            members = Member.objects.able().filter(organization=organization)
            member = members.select_related("user").filter(user__email=options["email"]).first()
            if member is None:
                raise CommandError(f"{options['email']} is not a member of {organization.name}.")
            try:
                _token, key = issue_token(member=member, name=options["name"], by=member, at=timezone.now())
            except Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(key)
