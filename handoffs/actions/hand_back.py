"""Hand back: the custodian asks whom it came from to take it again. Counts as a return."""

from datetime import datetime

from handoffs.actions._transfer import facts_of, open_offer
from handoffs.actions._words import required
from handoffs.handoff import Handoff
from handoffs.lifecycle import IN_HAND, OfferState, Verb
from handoffs.passage import passage
from handoffs.refusals import nobody_to_receive
from tenants.models import Member, Team


def hand_back(handoff: Handoff, *, by: Member, at: datetime, reason: str, reason_code: str = "") -> Handoff:
    """Opens an offer back to the giver of the last accepted offer, or to their team when they cannot take work."""
    with passage(handoff, Verb.HAND_BACK, by=by, at=at) as step:
        standing = step.handoff.open_offer
        held = step.before in IN_HAND and step.handoff.custodian_id == by.id
        if step.is_repeat(held and standing is not None and standing.verb == Verb.HAND_BACK):
            return step.handoff
        words = required(Verb.HAND_BACK, "reason", reason)
        team, member = _giver(step.handoff, by, step.at)
        opened = open_offer(step, team, member, message=words)
        opened.reason_code = reason_code
        opened.save(update_fields=["reason_code"])
        step.record(**facts_of(opened), reason=words, reason_code=reason_code)
    return step.handoff


def _giver(handoff: Handoff, by: Member, at: datetime) -> tuple[Team, Member | None]:
    last = (
        handoff.offers.filter(state=OfferState.ACCEPTED)
        .exclude(giver=by)
        .select_related("giver__user", "from_team__calendar")
        .order_by("-seq")
        .first()
    )
    if last is None or last.from_team is None:
        raise nobody_to_receive("The sender", "nobody handed this to you from a team; pass it on instead")
    able = last.giver.can_work(at) and last.from_team_id in last.giver.standing.team_ids
    return last.from_team, last.giver if able else None
