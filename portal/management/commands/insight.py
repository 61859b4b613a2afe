"""`manage.py insight catch_up|back_test`: bring figures in step; see whether forecasts would have held."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from handoffs import keeping
from handoffs.insight.figures.back_test import Life, Result, back_test
from handoffs.kept.models import Leg, Measure
from handoffs.lifecycle import OfferState
from portal.management.commands.ledger import chosen
from tenants.models import Organization
from tenants.scope import scope

WORDS = {Measure.ACCEPT: "time to accept", Measure.HAND: "time in hand"}


class Command(BaseCommand):
    """What the worker does by itself each minute, at once; and a look back."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom."""
        words = parser.add_subparsers(dest="word", required=True)
        for word, what in (
            ("catch_up", "bring everything in step now, after an import or a long pause of the worker"),
            ("back_test", "make each forecast from what was known then, and say how often it held"),
        ):
            words.add_parser(word, help=what).add_argument("--organization", metavar="SLUG", help="only this one")

    def handle(self, *_: Any, **options: Any) -> None:
        """One organization after the other."""
        for organization in chosen(options["organization"]):
            if options["word"] == "catch_up":
                self.catch_up(organization)
            else:
                self.back_test(organization)

    def catch_up(self, organization: Organization) -> None:
        """In shares of a transaction each, with progress."""
        with scope(organization):
            whole = keeping.behind(None, organization.id).count()
        with tqdm(total=whole, desc=organization.slug, unit=" handoffs", disable=None) as bar:
            while count := self._share(organization):
                bar.update(count)
        self.stdout.write(f"{organization.slug}: {whole} handoffs brought in step.")

    def _share(self, organization: Organization) -> int:
        with transaction.atomic(), scope(organization):
            return next(keeping.catch_up(organization.id, timezone.now()), 0)

    def back_test(self, organization: Organization) -> None:
        """Of both figures that are told ahead."""
        with scope(organization):
            for measure, words in WORDS.items():
                self.stdout.write(f"{organization.slug}  {words}: {told(back_test(lives(organization, measure)))}")


def lives(organization: Organization, measure: Measure) -> Iterator[Life]:
    """Every leg, as long as it took in working time."""
    legs = Leg.objects.filter(organization_id=organization.id)
    names = ["from_team_id", "to_team_id", "offered_at", "closed_at", "closed_worked"]
    if measure is Measure.HAND:
        legs = legs.filter(state=OfferState.ACCEPTED)
        names[2:] = ["closed_at", "left_at", "left_worked"]
    rows: Iterable[tuple[Any, ...]] = legs.values_list(*names, "state").iterator(2_000)
    for from_team, to_team, began_at, ended_at, took, state in rows:
        happened = state == OfferState.ACCEPTED if measure is Measure.ACCEPT else ended_at is not None
        yield Life(from_team, to_team, began_at, ended_at, took, happened)


def told(result: Result) -> str:
    """In one line."""
    if result.coverage is None:
        return "not enough history to tell."
    ratio = "–" if result.loss_ratio is None else f"{result.loss_ratio:.2f}"
    return (
        f"{result.forecast} forecasts, {result.coverage:.1%} within the interval of eight in ten; "
        f"{result.below} sooner, {result.above} later; loss {ratio} of the plain median's; {result.silent} not told."
    )
