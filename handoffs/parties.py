"""What a member is to one handoff: read from the handoff as it stands and the member's standing."""

from collections.abc import Iterable

from handoffs.custody.models import Offer
from handoffs.handoff import Handoff
from handoffs.lifecycle import Party
from handoffs.packet.models import Question
from handoffs.sharing import shared_with
from tenants.access import Permission
from tenants.models import Member
from tenants.records import records


def parties(handoff: Handoff, member: Member, questions: Iterable[Question] = ()) -> frozenset[Party]:
    """Every party the member is. `questions` are the open ones whose asked side matters to the caller."""
    if not member.is_able:
        return frozenset()
    if member.is_system:
        held = {Party.SYSTEM}
    elif not sees(handoff, member):
        return frozenset()
    else:
        held = set(_roles(handoff, member))
        if member.role != Member.Role.VIEWER:
            held.add(Party.PARTICIPANT)
    if handoff.custodian_id == member.id:
        held.add(Party.CUSTODIAN)
    # Who else is let in is for the organization's own people to decide.
    if held & {Party.CUSTODIAN, Party.COORDINATOR} and member.role not in (Member.Role.CLIENT, Member.Role.VIEWER):
        held.add(Party.SHARER)
    if handoff.sender_id == member.id:
        held.add(Party.SENDER)
    # Whoever answers for the work by now may answer for it in words too; the person who was asked may still.
    custodian = handoff.custodian_id == member.id
    if any(q.is_asked_of(member) or (custodian and q.asked_by_id != member.id) for q in questions):
        held.add(Party.ASKED)
    return frozenset(held)


def reached(member: Member, number: int) -> Handoff | None:
    """The handoff with this number, if the member may see it; agrees with `Handoff.objects.reachable_by`."""
    found = records(Handoff, _NUMBERED, [member.organization_id, number], "workspace", "open_offer")
    return found[0] if found and sees(found[0], member) else None


_NUMBERED = "WHERE one.organization_id = %s AND one.number = %s"


def sees(handoff: Handoff, member: Member) -> bool:
    """Whether the member may see this handoff; agrees with `Handoff.objects.reachable_by`."""
    workspace = handoff.workspace
    if handoff.organization_id != member.organization_id:
        return False
    if handoff.custodian_id == member.id or member.standing.permits(Permission.VIEW, workspace.id, workspace.kind):
        return True
    return Handoff.objects.filter(shared_with(member), id=handoff.id).exists()


def may_receive(offer: Offer, member: Member) -> bool:
    """Whether the offer is made to this member or to a team of theirs, and they are able to take work."""
    if member.role == Member.Role.VIEWER:
        return False
    if offer.to_member_id is not None:
        return offer.to_member_id == member.id
    return offer.to_team_id in member.standing.team_ids


def _roles(handoff: Handoff, member: Member) -> Iterable[Party]:
    standing, workspace, offer = member.standing, handoff.workspace, handoff.open_offer
    if standing.permits(Permission.MANAGE, workspace.id, workspace.kind):
        yield Party.COORDINATOR
    if handoff.custodian_team_id in standing.led_team_ids:
        yield Party.LEAD
    if offer is not None:
        if offer.to_team_id in standing.led_team_ids:
            yield Party.RECEIVING_LEAD
        # Nobody hands work to themselves: acceptance by the giver would acknowledge nothing.
        if handoff.custodian_id != member.id and may_receive(offer, member):
            yield Party.RECEIVER
