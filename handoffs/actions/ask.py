"""Ask: a possible receiver or the custodian needs to know something first."""

from datetime import datetime

from handoffs.actions._transfer import hours_of, promises
from handoffs.actions._words import required
from handoffs.clocks import running
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, Verb
from handoffs.models import ClockKind, Question
from handoffs.passage import passage
from handoffs.refusals import NotNow
from tenants.models import Member, Team


def ask(handoff: Handoff, *, by: Member, at: datetime, body: str, from_read_back: bool = False) -> Handoff:
    """Opens a question: to the custodian, or, when the custodian asks, to the receivers or else to the giver.

    The asked side has a time to answer, in its own working hours. Other clocks go on. `accept` asks too, when what is
    read back differs.
    """
    with passage(handoff, Verb.ASK, by=by, at=at) as step:
        here = {"organization_id": by.organization_id, "handoff_id": handoff.id}
        same = Question.objects.filter(**here, asked_by=by, body=body.strip(), answered_at__isnull=True)
        if step.is_repeat(same.exists()):
            return step.handoff
        words = required(Verb.ASK, "question", body)
        team, member, home = _asked_side(step.handoff, by)
        question = Question.objects.create(
            **here,
            body=words,
            asked_by=by,
            asked_at=step.at,
            asked_team=team,
            asked_member=member,
            from_read_back=from_read_back,
        )
        home = home or step.handoff.custodian_team
        if home is not None:  # who belongs to no team keeps no hours
            starting = promises(step, hours_of(member, home.calendar), ClockKind.ANSWER, question_id=question.id)
            running.switch(step.handoff, at=step.at, starting=starting)
        step.record(
            question=question.id,
            body=words,
            asked=member.name if member else team.name if team else "",
            to_team=team.id if team else None,
            to_member=member.id if member else None,
        )
    return step.handoff


def _asked_side(handoff: Handoff, by: Member) -> tuple[Team | None, Member | None, Team | None]:
    """The team or the member who is asked, and the team in whose hours they answer."""
    if handoff.custodian_id != by.id:
        return None, handoff.custodian, handoff.custodian_team
    offer = handoff.open_offer
    if offer is not None:
        return offer.to_team, offer.to_member, offer.to_team
    taken = handoff.offers.filter(state=OfferState.ACCEPTED).exclude(giver=by)
    last = taken.select_related("giver", "from_team__calendar").order_by("-seq").first()
    giver, home = (last.giver, last.from_team) if last else (handoff.sender, handoff.sender_team)
    if giver.id == by.id:
        raise NotNow("There is nobody to ask yet: offer it first, or add a note.", code="nobody_to_ask")
    return None, giver, home
