"""What is still missing on one side: fields, checklist items, documents."""

from handoffs.definition.specification import Specification, specification
from handoffs.handoff import Handoff
from handoffs.models import ChecklistItem, Document, Side
from handoffs.refusals import Shortfall
from tenants.models import Role


def shortfalls(handoff: Handoff, side: Side) -> list[Shortfall]:
    """Everything required of `side` that is not there yet; the sender's gates the offer, the receiver's the end.

    A client who holds it is not asked for what is internal: they could neither see nor give it.
    """
    asked = specification(handoff.template_version)
    hidden = _hidden_from(handoff, asked)
    values = handoff.context if side == Side.SENDER else handoff.result
    found = asked.missing(side, values)
    here = {"organization_id": handoff.organization_id, "handoff_id": handoff.id}
    if any(item.required and item.side == side for item in asked.items):
        unticked = ChecklistItem.objects.filter(**here, side=side, required=True, ticked_at__isnull=True)
        found += [Shortfall("checklist", item.key, f"Tick “{item.label}”.") for item in unticked]
    required = [slot for slot in asked.slots if slot.required and slot.side == side]
    if required:
        present = set(Document.objects.filter(**here, is_latest=True).values_list("slot", flat=True))
        found += [Shortfall("documents", s.key, f"Attach “{s.label}”.") for s in required if s.key not in present]
    return [shortfall for shortfall in found if (shortfall.part, shortfall.key) not in hidden]


def _hidden_from(handoff: Handoff, asked: Specification) -> set[tuple[str, str]]:
    """(part, key) of everything internal, when a client holds the handoff."""
    if handoff.custodian is None or handoff.custodian.role != Role.CLIENT:
        return set()
    fields = {("context" if f.side == Side.SENDER else "result", f.key) for f in asked.fields if f.internal}
    items = {("checklist", item.key) for item in asked.items if item.internal}
    return fields | items | {("documents", slot.key) for slot in asked.slots if slot.internal}
