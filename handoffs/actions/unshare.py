"""Unshare: takes the sharing of one handoff back."""

from datetime import datetime

from handoffs.actions.share import facts_of, is_client, must_be_somebody_here, sharing_with
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from tenants.models import Member, Team


def unshare(handoff: Handoff, *, by: Member, at: datetime, to: Team | Member) -> Handoff:
    """Those who see it by their workspace, or answer for it, still do. Twice changes nothing; raises `Invalid`."""
    must_be_somebody_here(by, to)
    with passage(handoff, Verb.UNSHARE, by=by, at=at) as step:
        shared = sharing_with(handoff, to)
        if step.is_repeat(not shared.exists() and step.is_possible()):
            return step.handoff
        shared.delete()
        step.record(internal=not is_client(to), **facts_of(to))
    return step.handoff
