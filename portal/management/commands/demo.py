"""`manage.py demo`: make the demo organization, with four weeks of work in it."""

import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from portal.demo.make import make, steps
from portal.demo.people import PASSWORD, SLUG, demo_people
from tenants.arrival import organization_at


class Command(BaseCommand):
    """Walks the real actions through the last four weeks. Run again, it leaves everything as it is."""

    help = __doc__
    requires_system_checks = []

    def handle(self, *_: Any, **options: Any) -> None:
        """Make it with progress on the terminal, and say who can sign in."""
        if not settings.HANDRAIL_DEMO:
            raise CommandError("The demo is off here (HANDRAIL_DEMO), for everybody knows its password.")
        if (present := organization_at(SLUG)) is not None:
            if not present.is_demo:
                raise CommandError(f"The address {SLUG} is taken by {present.name}, which is not the demo.")
            self.stdout.write(f"{present.name} is there already, at {settings.HANDRAIL_ADDRESS}/o/{SLUG}/.")
            return
        started = time.monotonic()
        with tqdm(total=steps(), unit=" steps", desc="Demo", file=sys.stderr) as bar:
            organization = make(timezone.now(), bar.update)
        seconds = time.monotonic() - started
        self.stdout.write(f"{organization.name} is at {settings.HANDRAIL_ADDRESS}/o/{SLUG}/, made in {seconds:.0f} s.")
        if options["verbosity"] == 0:
            return
        self.stdout.write(f"Everybody's password is {PASSWORD}:")
        for name, email, role, team in demo_people():
            self.stdout.write(f"  {name:<16} {email:<30} {role:<8} {team}")
