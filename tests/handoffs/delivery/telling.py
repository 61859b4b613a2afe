"""Telling people at instants that a test chooses: the same functions as the jobs call, with another clock."""

from datetime import datetime
from typing import Any

from handoffs.actions.delivery import report
from handoffs.delivery import digests, send
from handoffs.delivery.deliver import deliver
from handoffs.delivery.send import sendable
from handoffs.leftovers import ungathered, unreported
from handoffs.lifecycle import Verb
from handoffs.models import Digest, Event, Handoff, Message
from handoffs.passage import passage
from tenants.models import Member
from tests.world import World


def newest(handoff: Handoff) -> Event:
    handoff.refresh_from_db(fields=["ledger_seq"])
    return Event.objects.get(handoff=handoff, seq=handoff.ledger_seq)


def tell(handoff: Handoff, at: datetime) -> Event:
    """The newest event of the handoff is told at `at`."""
    event = newest(handoff)
    deliver(event.organization_id, event.id, at=at)
    return event


def alarm(world: World, handoff: Handoff, *audience: str, **facts: Any) -> Event:
    """A rung is written down with these facts, and told in the same moment."""
    with passage(handoff, Verb.ESCALATE, by=world.system, at=world.now) as step:
        step.is_repeat(already=False)
        offer = step.handoff.open_offer
        keeper = {"to_team": offer.to_team_id if offer else step.handoff.custodian_team_id}
        fired = {"audience": list(audience), "from_team": step.handoff.custodian_team_id, **keeper, **facts}
        step.record(alarm="the time to complete is over", clock="complete", late=True, alarms=[fired], **fired)
    return tell(step.handoff, world.now)


def work(at: datetime) -> None:
    """Everything that is due at `at` is gathered and sent, as the worker would by then."""
    for organization_id, member_id in list(unreported(at)):
        report(member=Member.objects.get(organization_id=organization_id, id=member_id), at=at)
    for organization_id, member_id, channel in list(ungathered(at)):
        digests.gather(organization_id, member_id, channel, at=at)
    for message in Message.objects.filter(sendable(at), in_digest=False).order_by("id"):
        send.send(message.organization_id, message.id, at=at)
    for digest in Digest.objects.filter(sendable(at)).order_by("id"):
        send.send_digest(digest.organization_id, digest.id, at=at)
