"""Prove: ladders are walked through the next 30 days, and what is found is kept in place of what was found before."""

from datetime import datetime
from uuid import UUID

from handoffs.escalation.proven import keep, unproved
from handoffs.insight.reach import in_force, proofs
from handoffs.models import Ladder, Proof
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization


def prove_ladder(*, ladder: Ladder, by: Member, at: datetime) -> Proof:
    """Proves one ladder now, whatever was found before. Raises Forbidden not_an_admin, Invalid."""
    must_be_home(by, ladder)
    must_run_the_organization(by)
    made = proofs(by.organization_id, [ladder], at)
    keep(made)
    return made[0]


def prove_due(organization_id: UUID, at: datetime) -> None:
    """Proves those of an organization's ladders that have no proof, or one older than a day; twice is once."""
    ladders = list(unproved(in_force(organization_id), at))
    if ladders:
        keep(proofs(organization_id, ladders, at))
