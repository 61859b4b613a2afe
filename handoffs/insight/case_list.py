"""Which cases a list shows: read through the member, at a cost that does not follow how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from handoffs.flows.next import TurnState
from handoffs.lifecycle import LIVE
from handoffs.models import Case, CaseState, Flow, FlowVersion, Handoff, Turn
from tenants.models import Member, Role


@dataclass(frozen=True)
class Wanted:
    """What a list was asked for; nothing set means everything.

    `ball` is "me", or the id of a team; `step` is the key of a step at which the case is now.
    """

    state: CaseState | None = None
    flow: int | None = None
    workspace: int | None = None
    ball: str | int | None = None
    q: str = ""
    step: str = ""


def cases_for(member: Member, wanted: Wanted) -> QuerySet[Case]:
    """The cases that this member may see and that pass every filter, newest first."""
    cases = Case.objects.reachable_by(member).order_by("-id")
    if wanted.state is not None:
        cases = cases.filter(state=wanted.state)
    if wanted.workspace is not None:
        cases = cases.filter(workspace_id=wanted.workspace)
    if wanted.flow is not None:
        versions = FlowVersion.objects.filter(organization_id=member.organization_id, flow_id=wanted.flow)
        cases = cases.filter(flow_version_id__in=versions.values("id"))
    if wanted.ball is not None:
        cases = cases.filter(id__in=_with_ball(member, wanted.ball).values("case_id"))
    if wanted.step:
        cases = cases.filter(id__in=_at_step(member, wanted.step).values("case_id"))
    if wanted.q:
        number = number_of(wanted.q)
        cases = cases.filter(number=number) if number is not None else cases.filter(title__startswith=wanted.q)
    return cases


def _at_step(member: Member, step: str) -> QuerySet[Turn]:
    """Turns of cases that are at this step now; a client is told so only of steps that they see."""
    live = Turn.objects.filter(organization_id=member.organization_id, step=step, state=TurnState.LIVE, undone_at=None)
    if member.role == Role.CLIENT:
        live = live.filter(handoff__in=Handoff.objects.reachable_by(member))
    return live


def _with_ball(member: Member, ball: str | int) -> QuerySet[Handoff]:
    """Live handoffs of cases on which this member, or this team, is to act now."""
    live = Handoff.objects.reachable_by(member).filter(case__isnull=False, state__in=sorted(LIVE))
    if ball == "me":
        teams = sorted(member.standing.team_ids)
        asked = Q(open_offer__to_member=member) | Q(open_offer__to_member=None, open_offer__to_team__in=teams)
        return live.filter(asked | Q(custodian=member, open_offer=None))
    return live.filter(Q(open_offer__to_team_id=ball) | Q(custodian_team_id=ball, open_offer=None))


def page_of(cases: QuerySet[Case], limit: int) -> list[Case]:
    """The first `limit`, with flow, workspace and people; ids in the order of the index first."""
    ids = list(cases.values_list("id", flat=True)[:limit])
    rows = Case.objects.select_related("flow_version__flow", "workspace", "owner", "launched_by")
    found = rows.defer("flow_version__document").in_bulk(ids) if ids else {}
    return [found[id] for id in ids if id in found]


def case_of(member: Member, reference: str) -> Case | None:
    """The case of that reference, if this member may see it."""
    number = number_of(reference)
    if number is None:
        return None
    cases = Case.objects.reachable_by(member).filter(number=number)
    related = ("flow_version__flow", "workspace", "internal_workspace", "owner", "launched_by")
    return cases.select_related(*related).defer("flow_version__document").first()


def flows_known_to(member: Member) -> QuerySet[Flow]:
    """The flows of the organization; a client knows those of the cases it sees."""
    flows = Flow.objects.filter(organization_id=member.organization_id)
    if member.role != Role.CLIENT:
        return flows
    versions = Case.objects.reachable_by(member).values("flow_version_id")
    return flows.filter(versions__in=versions).distinct()


def launchable(member: Member) -> Sequence[FlowVersion]:
    """The newest published version of every flow in use, by name: what a case can be launched of."""
    versions = FlowVersion.objects.filter(organization_id=member.organization_id).current()
    return sorted(versions.select_related("flow"), key=lambda version: version.flow.name.casefold())


def number_of(reference: str) -> int | None:
    """The number in a reference such as CA-1042; None for anything else."""
    prefix, _, digits = reference.strip().partition("-")
    if prefix.upper() != "CA" or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits)
