"""What all transfers share: opening an offer to an able receiver, and closing one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from handoffs.clocks import running
from handoffs.clocks.running import Promise
from handoffs.completeness import shortfalls
from handoffs.custody import passing
from handoffs.escalation.models import Ladder, planned
from handoffs.escalation.plan import PlannedLadder
from handoffs.flows.places import within_of
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, Verb
from handoffs.models import ClockKind, Offer, Side, TemplateVersion
from handoffs.passage import Step
from handoffs.refusals import Invalid, incomplete, nobody_to_receive, receiver_away, you_are_away
from tenants.access import Permission, team_may
from tenants.models import Calendar, Member, Team, TeamMembership, Workspace
from tenants.standing_in import stand_in

# Where no template says otherwise, in working time. Only what a template promises must be completed in time.
DEFAULT_WITHIN: Mapping[ClockKind, timedelta] = {
    ClockKind.ACCEPT: timedelta(hours=4),
    ClockKind.START: timedelta(hours=8),
    ClockKind.ANSWER: timedelta(hours=4),
}


def target(handoff: Handoff, to_team: Team | None) -> Team | None:
    """The team that is meant: the one that is named, else the template's own."""
    version = handoff.template_version
    return to_team or (version.target_team if version else None)


def ready(step: Step, team: Team | None) -> Team:
    """The team, when there is one and nothing is missing that must travel. Raises `Invalid`, `Incomplete`."""
    if team is None:
        raise Invalid("Choose who should receive this.", code="offer_needs_receiver", details={"field": "to_team"})
    lacking = shortfalls(step.handoff, Side.SENDER)
    if lacking:
        raise incomplete(Verb.OFFER, lacking)
    return team


def open_offer(step: Step, team: Team, member: Member | None, *, message: str = "", by: Member | None = None) -> Offer:
    """Opens an offer to `team`, or to `member` of it, and starts its accept clock.

    `by` is the giver when that is not the present custodian. Raises `Invalid` when nobody there could accept.
    """
    handoff = step.handoff
    giver = by or handoff.custodian
    assert giver is not None
    refuse_unable(step, team, member, giver=giver)
    if member is not None:
        passing.refuse_the_departed(handoff, member)
    seq = (handoff.offers.aggregate(last=Max("seq"))["last"] or 0) + 1
    offer = new_offer(handoff, (team, member), seq=seq, verb=step.verb, giver=giver, message=message, at=step.at)
    (clock,) = promises(step, hours_of(member, team.calendar), ClockKind.ACCEPT)
    offer.due_at = clock.due(step.at)
    offer.save(force_insert=True)
    running.switch(handoff, at=step.at, starting=[replace(clock, offer_id=offer.id)])
    step.change(open_offer=offer)
    return offer


def new_offer(
    handoff: Handoff,
    receiver: tuple[Team, Member | None],
    *,
    seq: int,
    verb: Verb,
    giver: Member,
    message: str,
    at: datetime,
) -> Offer:
    """An offer that is not saved yet, from the team for which the handoff is held."""
    team, member = receiver
    return Offer(
        organization_id=handoff.organization_id,
        handoff=handoff,
        seq=seq,
        verb=verb,
        giver=giver,
        from_team=handoff.custodian_team,
        to_team=team,
        to_member=member,
        message=message,
        offered_at=at,
    )


def close_offer(
    step: Step, state: OfferState, *, code: str = "", reason: str = "", starting: Sequence[Promise] = ()
) -> Offer:
    """Closes the open offer; its accept clock stops, and what is promised instead starts."""
    offer = step.handoff.open_offer
    assert offer is not None
    offer.state, offer.closed_at, offer.closed_by = state, step.at, step.by
    offer.reason_code, offer.reason = code, reason
    offer.save(update_fields=["state", "closed_at", "closed_by", "reason_code", "reason"])
    # Who accepts has their own time to start, whatever the one before them did.
    stopping = [ClockKind.ACCEPT, ClockKind.START] if starting else [ClockKind.ACCEPT]
    running.switch(step.handoff, at=step.at, stopping=stopping, starting=starting)
    step.change(open_offer=None)
    return offer


def promises(step: Step, calendar: Calendar, *kinds: ClockKind, **about: Any) -> list[Promise]:
    """What the handoff's step or template promises of these kinds, with its ladder or else the standard one.

    Nothing of a kind for which no time is said. A replayed handoff arms no alarm.
    """
    handoff = step.handoff
    targets = times(handoff.template_version, within_of(handoff), *kinds)
    ladder = None
    if targets and not handoff.imported:
        ladder = ladder_of(handoff.template_version, handoff.organization_id)
    return promised(targets, calendar, ladder, **about)


def times(
    version: TemplateVersion | None, within: Mapping[str, timedelta], *kinds: ClockKind
) -> dict[ClockKind, timedelta]:
    """How long each of these kinds may take: by the step of its flow, its template, or the usual."""
    said = {
        kind: within.get(kind.value) or getattr(version, f"{kind.value}_within", None) or DEFAULT_WITHIN.get(kind)
        for kind in kinds
    }
    return {kind: target for kind, target in said.items() if target is not None}


def promised(
    targets: Mapping[ClockKind, timedelta], calendar: Calendar, ladder: PlannedLadder | None, **about: Any
) -> list[Promise]:
    """Promises of these working times, each with the rungs of the ladder."""
    return [
        Promise(
            kind,
            calendar,
            target,
            ladder_id=ladder.id if ladder else None,
            rungs=tuple(rung.after(target) for rung in ladder.rungs) if ladder else (),
            **about,
        )
        for kind, target in targets.items()
    ]


def ladder_of(version: TemplateVersion | None, organization_id: UUID) -> PlannedLadder | None:
    """The ladder of a template, else the organization's standard one."""
    ladder = version.ladder if version else None
    if ladder is None:
        ladder = Ladder.objects.filter(organization_id=organization_id, is_standard=True).first()
    return planned(ladder) if ladder else None


def hours_of(member: Member | None, team: Calendar) -> Calendar:
    """A person's own hours if they have any, else those of the team."""
    return member.calendar if member is not None and member.calendar is not None else team


def same_receiver(offer: Offer | None, team: Team, member: Member | None) -> bool:
    """Whether the open offer already goes there."""
    return offer is not None and offer.to_team_id == team.id and offer.to_member_id == (member.id if member else None)


def facts_of(offer: Offer) -> dict[str, Any]:
    """What an event says about an offer."""
    return {
        "offer": offer.id,
        "receiver": offer.receiver_name,
        "to_team": offer.to_team_id,
        "to_member": offer.to_member_id,
        "giver": offer.giver.name,
        "giver_id": offer.giver_id,
        "message": offer.message,
    }


def refuse_while_away(verb: Verb, by: Member, at: datetime) -> None:
    """Raises `Conflict` you_are_away: what an absent member would begin to answer for would move on at once."""
    absence = by.standing.absence_at(at)
    if absence is not None:
        raise you_are_away(verb, absence.ends_at)


def refuse_unable(step: Step, team: Team, member: Member | None, *, giver: Member) -> None:
    """Raises `Invalid` when nobody there could accept; verbs that change something before they offer ask first."""
    refuse_receiver(step.handoff.workspace, team, member, giver=giver, at=step.at)


def refuse_receiver(workspace: Workspace, team: Team, member: Member | None, *, giver: Member, at: datetime) -> None:
    """Raises `Invalid` when nobody there could accept what `giver` offers in this workspace."""
    organization_id = workspace.organization_id
    if team.organization_id != organization_id or (member and member.organization_id != organization_id):
        raise nobody_to_receive("That receiver", "it is not part of this organization")
    if team.closed_at is not None:
        raise nobody_to_receive(team.name, "the team is closed")
    if member is not None:
        if member.id == giver.id:
            raise nobody_to_receive(member.name, "they answer for it already")
        if not member.is_able or member.role == Member.Role.VIEWER:
            raise nobody_to_receive(member.name, "they cannot take work at present")
        absence = member.standing.absence_at(at)
        if absence is not None:
            raise receiver_away(member.name, absence.ends_at, stand_in(member, at))
        if team.id not in member.standing.team_ids:
            raise nobody_to_receive(member.name, f"they are not in {team.name}")
        if not member.standing.permits(Permission.RECEIVE, workspace.id, workspace.kind):
            raise nobody_to_receive(member.name, f"they may not receive in {workspace.name}")
        return
    if not team_may(team, Permission.RECEIVE, workspace):
        raise nobody_to_receive(team.name, f"the team may not receive in {workspace.name}")
    # The product itself counts here: a replayed log lets it stand in a team for people who are not known yet.
    able = Member.objects.here(at).exclude(id=giver.id).exclude(role=Member.Role.VIEWER)
    if not TeamMembership.objects.filter(organization_id=organization_id, team=team, member__in=able).exists():
        raise nobody_to_receive(team.name, "nobody else in it can take work at present")
