"""Tick: a checklist item is done, or not done after all."""

from datetime import datetime

from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.models import ChecklistItem
from handoffs.passage import passage
from handoffs.refusals import Invalid
from tenants.models import Member


def tick(handoff: Handoff, *, by: Member, at: datetime, item: str, done: bool = True) -> Handoff:
    """Ticks (or with `done=False` unticks) the checklist item with this key; keeps who and when."""
    with passage(handoff, Verb.TICK, by=by, at=at) as step:
        row = (
            ChecklistItem.objects.visible_to(by)
            .filter(organization_id=by.organization_id, handoff_id=handoff.id, key=item)
            .first()
        )
        if row is None:
            raise Invalid("There is no such checklist item here.", code="unknown_item", details={"field": "item"})
        # What stands as asked is a repeat for the one who did it, and for whoever might do it now; no news for others.
        stands = (row.ticked_at is not None) is done
        if step.is_repeat(stands and (row.ticked_by_id == by.id or step.is_possible())):
            return step.handoff
        row.ticked_at, row.ticked_by = (step.at, by) if done else (None, None)
        row.save(update_fields=["ticked_at", "ticked_by"])
        ticked = "ticked" if done else "unticked"
        step.record(internal=row.internal, key=row.key, item=f"“{row.label}”", ticked=ticked)
    return step.handoff
