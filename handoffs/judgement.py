"""The rulebook applied to one handoff and one member: why a verb may not happen now, as the "no" people are told."""

from collections.abc import Iterable

from handoffs.handoff import Handoff
from handoffs.lifecycle import RULES, Reason, Verb, refused
from handoffs.packet.models import Question
from handoffs.parties import parties
from handoffs.refusals import Refusal, not_now, not_yours
from tenants.models import Member


def judge(handoff: Handoff, verb: Verb, member: Member, questions: Iterable[Question] = ()) -> Refusal | None:
    """The refusal that doing `verb` now would meet by the rulebook, None when it allows it.

    `questions` are the open ones whose asked side matters, for `answer`.
    """
    offer = handoff.open_offer
    held = parties(handoff, member, questions)
    reason = refused(verb, handoff.status, offer is not None, held)
    if reason is None:
        return None
    if reason is Reason.NOT_YOURS:
        return not_yours(verb, RULES[verb].by)
    holder = handoff.custodian.name if handoff.custodian else None
    return not_now(verb, reason, handoff.status, holder, offer.receiver_name if offer else None)
