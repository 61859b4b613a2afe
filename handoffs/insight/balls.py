"""Who has the ball: who is to act now at each step of a case that is under way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoffs.faces import show_faces
from handoffs.flows.knowing import plan_of_case
from handoffs.flows.next import TurnState
from handoffs.flows.plan import Step
from handoffs.lifecycle import State
from handoffs.models import Case, Handoff, Turn
from tenants.models import Member, Role


@dataclass(frozen=True)
class Ball:
    """Who is to act now at one step. `doing` is accept, start, work, hold, wait, case or ours (a client's view of us).

    `answers` answers for it meanwhile, where that is somebody else. `reference` names the handoff or the case.
    """

    step: str
    label: str
    doing: str
    who: str
    team: str
    answers: str
    since: datetime
    until: datetime | None
    reference: str = ""
    is_mine: bool = False

    def is_late(self, at: datetime) -> bool:
        """Whether it was to be done by now."""
        return self.until is not None and self.until < at and self.doing not in ("wait", "hold")


def ball_of(handoff: Handoff, step: str, label: str, since: datetime, reader: Member) -> Ball:
    """Who is to act on a live handoff now: whoever is asked to take it, else whoever holds it."""
    offer, holder = handoff.open_offer, handoff.custodian
    answers = holder.name if holder else ""
    if offer is not None:
        team, member = offer.to_team, offer.to_member
        mine = member.pk == reader.pk if member else team.pk in reader.standing.team_ids and holder != reader
        who = member.name if member else team.name
        asked = (who, team.name if member else "", answers, offer.offered_at, offer.due_at, handoff.reference, mine)
        return Ball(step, label, "accept", *asked)
    team_name = handoff.custodian_team.name if handoff.custodian_team else ""
    mine = handoff.custodian_id == reader.pk
    doing, until = "start", handoff.complete_due_at
    if handoff.status is State.STARTED:
        doing = "work"
    elif handoff.status is State.ON_HOLD:
        doing, until = "hold", handoff.held_until
    elif handoff.status in (State.DRAFT, State.RETURNED):
        doing = "mend"
    return Ball(step, label, doing, answers, team_name, "", since, until, handoff.reference, mine)


def ball_at(
    turn: Turn,
    step: Step | None,
    case: Case,
    handoff: Handoff | None,
    since: datetime,
    child: str,
    who: str,
    reader: Member,
) -> Ball:
    """Who is to act on a live turn. `handoff` and `child` are what the reader may see of it, `who` is cast for it."""
    label = step.label if step else turn.step
    if handoff is not None:
        return ball_of(handoff, turn.step, label, since, reader)
    if turn.handoff_id is not None:
        return Ball(turn.step, label, "elsewhere", who, "", "", turn.entered_at, None)
    owner = case.owner.name
    if turn.child_id is not None:
        return Ball(turn.step, label, "case", "", "", owner, turn.entered_at, None, child)
    return Ball(turn.step, label, "wait", "", "", owner, turn.entered_at, turn.wakes_at)


def ours(turns: Collection[Turn], reader: Member) -> list[Ball]:
    """What a client is told of turns that are internal: that we are at it, and since when."""
    since = [turn.entered_at for turn in turns if turn.state == TurnState.LIVE]
    return [Ball("", "", "ours", reader.organization.name, "", "", min(since), None)] if since else []


def balls_of(cases: Sequence[Case], reader: Member) -> Mapping[int, list[Ball]]:
    """Who has the ball in each of these cases, by id, in the order in which their steps began.

    Their flow versions and owners are read already. A number of statements that does not depend on how many they are.
    """
    known = {case.pk: case for case in cases}
    if not known:
        return {}
    here = {"organization_id": reader.organization_id}
    rows = Turn.objects.filter(**here, case_id__in=known, state=TurnState.LIVE).select_related("handoff").order_by("id")
    turns = list(rows)
    ids = [turn.handoff_id for turn in turns if turn.handoff_id is not None]
    seen = set(Handoff.objects.reachable_by(reader).filter(id__in=ids).values_list("id", flat=True)) if ids else set()
    faced = {h.pk: h for h in show_faces(t.handoff for t in turns if t.handoff is not None and t.handoff_id in seen)}
    found: defaultdict[int, list[Ball]] = defaultdict(list)
    hidden: defaultdict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        case = known[turn.case_id]
        plan = plan_of_case(case)
        step = plan.by_key.get(turn.step)
        if reader.role == Role.CLIENT and (step is None or step.internal):
            hidden[case.pk].append(turn)
            continue
        role = plan.roles_by_key.get(step.receiver) if step else None
        who = role.label if role else ""
        handoff = faced.get(turn.handoff_id or 0)
        found[case.pk].append(ball_at(turn, step, case, handoff, turn.entered_at, "", who, reader))
    for id, turns_of_ours in hidden.items():
        found[id] += ours(turns_of_ours, reader)
    return found
