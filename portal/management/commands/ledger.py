"""`manage.py ledger verify`: prove that no event was changed, lost or added behind the product's back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handoffs.flows.verify import case_faults
from handoffs.ledger.verify import faults
from handoffs.models import Case, CaseEvent, Event, Handoff
from tenants.arrival import organization_at, organizations
from tenants.models import Organization
from tenants.scope import scope


class Command(BaseCommand):
    """Reads every event once, in a stream, and names the first bad row of each broken chain."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom."""
        words = parser.add_subparsers(dest="word", required=True)
        verify = words.add_parser("verify", help="name the first bad row of each broken chain; fails when there is one")
        verify.add_argument("--organization", metavar="SLUG", help="only this one")

    def handle(self, *_: Any, **options: Any) -> None:
        """Verify each organization; exit code 1 when any chain is broken."""
        broken = sum(self.verify(organization) for organization in chosen(options["organization"]))
        if broken:
            chains = "One chain is" if broken == 1 else f"{broken} chains are"
            raise CommandError(f"{chains} broken. Compare with a backup: events are never changed by the product.")

    def verify(self, organization: Organization) -> int:
        """Print what is wrong in one organization and return how many chains are broken."""
        broken = 0
        with scope(organization):
            for fault in faults(organization.id):
                broken += 1
                where = f"event {fault.seq}" if fault.seq else "no event"
                self.stdout.write(f"{organization.slug}  {reference(fault.handoff_id)}  {where}: {fault.what}")
            for fault in case_faults(organization.id):
                broken += 1
                case = Case.objects.filter(id=fault.handoff_id).only("number").first()
                where = f"event {fault.seq}" if fault.seq else "no event"
                name = case.reference if case else f"case {fault.handoff_id}"
                self.stdout.write(f"{organization.slug}  {name}  {where}: {fault.what}")
            if not broken:
                count = Event.objects.filter(organization_id=organization.id).count()
                count += CaseEvent.objects.filter(organization_id=organization.id).count()
                self.stdout.write(f"{organization.slug}  whole: {count:,} events")
        return broken


def chosen(slug: str | None) -> list[Organization]:
    """The organizations to look at; raises CommandError for a slug nobody has."""
    if slug is None:
        return organizations()
    organization = organization_at(slug)
    if organization is None:
        raise CommandError(f"There is no organization {slug}.")
    return [organization]


def reference(handoff_id: int) -> str:
    """How people name the handoff; its row number when the handoff itself is gone."""
    handoff = Handoff.objects.filter(id=handoff_id).only("number").first()
    return handoff.reference if handoff else f"handoff {handoff_id}"
