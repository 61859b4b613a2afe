"""`manage.py replay_log FILE --organization SLUG`: replay an event log (XES) through the real actions."""

import json
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from handoffs.actions.replay import Figures, Stopped, gather, replay
from handoffs.logs.xes import BadLog
from portal.management.commands.found import owner
from tenants.actions import found
from tenants.arrival import organization_at
from tenants.models import Member, Organization
from tenants.refusals import Refusal
from tenants.scope import scope

NOBODY = "nobody@imported.invalid"


class Command(BaseCommand):
    """Every case of the log becomes a handoff, with the log's own times; nothing is sent and no alarm is armed."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which log, into which organization, how much of it."""
        parser.add_argument("file", metavar="FILE", type=Path, help="an event log: .xes or .xes.gz")
        parser.add_argument("--organization", required=True, metavar="SLUG", help="is founded when there is none")
        parser.add_argument(
            "--owner", default=NOBODY, metavar="EMAIL", help="who owns it then (nobody who can sign in)"
        )
        parser.add_argument("--cases", type=positive, help="only the first so many")
        parser.add_argument(
            "--processes", type=positive, default=os.cpu_count() or 1, help="how many work at once (one per core)"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Replay, with progress on the terminal; the last line of the output is the figures as JSON."""
        started = time.monotonic()
        try:
            figures = self.replayed(options)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except BadLog as error:
            raise CommandError(f"{options['file']}: {error}") from error
        except Stopped as error:
            raise CommandError(f"{error} The cases before it are in.") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        except KeyboardInterrupt:
            raise CommandError("Stopped. The cases so far are in.") from None
        self.stdout.write(json.dumps({**asdict(figures), "seconds": round(time.monotonic() - started, 1)}))

    def replayed(self, options: dict[str, Any]) -> Figures:
        """The figures. The log is read once before anything is written, so a bad one leaves nothing behind."""
        file = options["file"]
        with tqdm(unit=" cases", desc="Reading", file=sys.stderr) as bar:
            cast = gather(file, options["cases"], bar.update)
        system = receiver(options["organization"], options["owner"])
        # A transaction that is open already cannot be shared, so then one process does it all.
        processes = 1 if connection.in_atomic_block else options["processes"]
        with tqdm(total=cast.cases, unit=" cases", desc="Replaying", file=sys.stderr) as bar:
            return replay(file, cast, by=system, at=timezone.now(), processes=processes, progress=bar.update)


def receiver(slug: str, email: str) -> Member:
    """The product's own member in the organization of this address."""
    organization = organization_at(slug) or founded(slug, email)
    with scope(organization):
        return Member.objects.select_related("organization").system(organization)


def founded(slug: str, email: str) -> Organization:
    """A new organization for the log."""
    return found(
        name=slug.replace("-", " ").title(), slug=slug, owner=owner(email, ""), at=timezone.now(), is_imported=True
    ).organization


def positive(given: str) -> int:
    """A whole number above zero."""
    if not given.isdecimal() or int(given) == 0:
        raise ArgumentTypeError("give a whole number above 0")
    return int(given)
