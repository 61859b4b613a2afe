"""Proof that the ledgers of cases are whole."""

from collections.abc import Iterator
from uuid import UUID

from handoffs.flows.models import CaseEvent
from handoffs.ledger.verify import Fault, broken, heads_of


def case_faults(organization_id: UUID, batch: int = 2000) -> Iterator[Fault]:
    """Yields one fault for each case whose chain is broken."""
    rows = CaseEvent.objects.filter(organization_id=organization_id).order_by("case_id", "seq").iterator(batch)
    heads = heads_of("handoffs_case", organization_id)
    yield from broken(((event.case_id, event) for event in rows), heads, "case")
