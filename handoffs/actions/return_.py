"""Return: a possible receiver gives the offer back with a reason. Custody never moved."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of
from handoffs.actions._words import required
from handoffs.handoff import Handoff
from handoffs.lifecycle import RETURN_REASONS, OfferState, Verb
from handoffs.passage import passage
from handoffs.refusals import Invalid
from tenants.models import Member


def return_(handoff: Handoff, *, by: Member, at: datetime, reason: str, reason_code: str = "other") -> Handoff:
    """Closes the offer as returned; `reason_code` is one of RETURN_REASONS, `reason` says it in words."""
    with passage(handoff, Verb.RETURN, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.RETURN)):
            return step.handoff
        if reason_code not in RETURN_REASONS:
            raise Invalid(
                f"Choose one of these reasons: {', '.join(RETURN_REASONS.values())}.",
                code="unknown_reason",
                details={"field": "reason_code", "choices": list(RETURN_REASONS)},
            )
        words = required(Verb.RETURN, "reason", reason)
        offer = close_offer(step, OfferState.RETURNED, code=reason_code, reason=words)
        step.record(**facts_of(offer), reason=words, reason_code=reason_code)
    return step.handoff
