"""Unplan: what was planned is not offered after all."""

from datetime import datetime

from handoffs.handoff import NOTHING_PLANNED, Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from tenants.models import Member


def unplan(handoff: Handoff, *, by: Member, at: datetime, why: str = "") -> Handoff:
    """Takes the plan back; `why` is the system's reason when it could not be offered. Twice changes nothing."""
    with passage(handoff, Verb.UNPLAN, by=by, at=at) as step:
        standing = step.handoff
        if step.is_repeat(standing.planned_team is None and step.is_possible()):
            return standing
        assert standing.planned_team is not None
        name = standing.planned_member.name if standing.planned_member else standing.planned_team.name
        step.change(**NOTHING_PLANNED)
        step.record(receiver=name, why=f": {why}" if why else "")
    return step.handoff
