"""What is laid into a handoff before it is completed, and where in its case it stands."""

import hashlib
from datetime import datetime

from handoffs.actions import tick
from handoffs.definition.specification import Slot, Specification
from handoffs.models import Case, Document, FlowVersion, Handoff, Side, Turn
from tenants.models import Member

NOTHING = "sandbox/nothing"  # no file lies there: what is played has no content


def step_of(handoff: Handoff, case: Case) -> str:
    """The step of the played case that it belongs to; "" for one of a case that was launched by a step."""
    if handoff.case_id != case.pk:
        return ""
    return str(
        Turn.objects.filter(organization_id=case.organization_id, handoff=handoff).values_list("step", flat=True)[0]
    )


def time_of(handoff: Handoff) -> int:
    """The how manieth time the case is at this step."""
    return int(
        Turn.objects.filter(organization_id=handoff.organization_id, handoff=handoff).values_list("number", flat=True)[
            0
        ]
    )


def version_of(handoff: Handoff) -> FlowVersion | None:
    """The version of the flow by which its case runs."""
    rows = Case.objects.filter(organization_id=handoff.organization_id, pk=handoff.case_id or 0)
    case = rows.select_related("flow_version").first()
    return case.flow_version if case else None


def lay_in(handoff: Handoff, asked: Specification, by: Member, at: datetime) -> None:
    """Ticks what the receiver must have verified, and lays a document into every place that must hold one."""
    for item in handoff.checklist.filter(side=Side.RECEIVER, required=True, ticked_at=None):
        tick(handoff, by=by, at=at, item=item.key)
    present = set(handoff.documents.values_list("slot", flat=True))
    Document.objects.bulk_create(
        _document(handoff, slot, by, at)
        for slot in asked.slots
        if slot.side == Side.RECEIVER and slot.required and slot.key not in present
    )


def _document(handoff: Handoff, slot: Slot, by: Member, at: datetime) -> Document:
    """A row that names no file: nothing is written to the disk, which no rollback would take back."""
    fixed = [kind for kind in slot.accepts if not kind.endswith("*")]
    return Document(
        organization_id=handoff.organization_id,
        handoff=handoff,
        slot=slot.key,
        side=slot.side,
        name=f"{slot.label}.pdf",
        media_type=fixed[0] if fixed else "application/pdf",
        size=1,
        sha256=hashlib.sha256(slot.key.encode()).hexdigest(),
        internal=slot.internal,
        file=NOTHING,
        attached_by=by,
        attached_at=at,
    )
