"""What the names in a plan mean here: the rows for pinning, and the same as plain facts for checking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from handoffs.definition.specification import Field, Slot, Specification, specification
from handoffs.flows.facts import Facts, FieldFact, FlowFact, PeopleFact, SlotFact, TemplateFact
from handoffs.flows.plan import Plan, StepKind
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import FlowVersion, Side, TemplateVersion
from tenants.access import INCLUDED_IN, Permission
from tenants.models import Member, Team, TeamMembership, Workspace
from tenants.models.permission import WorkspaceTeamPermission
from tenants.models.workspace import WorkspaceKind

PROMISES = ("accept", "start", "complete", "answer")


@dataclass(frozen=True)
class Meant:
    """The rows that a plan's names stand for; what is not here has none. Members by e-mail in small letters."""

    templates: Mapping[str, TemplateVersion]
    teams: Mapping[str, Team]
    members: Mapping[str, Member]
    flows: Mapping[str, FlowVersion]


def meant(plan: Plan, organization_id: UUID) -> Meant:
    """Finds them, in a number of statements that does not grow with the plan."""
    here: dict[str, Any] = {"organization_id": organization_id}
    templates = {step.template for step in plan.steps if step.template}
    flows = {step.flow for step in plan.steps if step.flow}
    addresses = Q(pk__in=[])
    for address in {role.member for role in plan.roles if role.member}:
        addresses |= Q(user__email__iexact=address)
    members = list(Member.objects.filter(addresses, **here).select_related("user"))
    teams = Q(name__in={role.team for role in plan.roles if role.team}) | Q(memberships__member__in=members)
    return Meant(
        templates={
            version.template.name: version
            for version in TemplateVersion.objects.current()
            .filter(**here, template__name__in=templates)
            .select_related("template")
        },
        teams={team.name: team for team in Team.objects.filter(teams, **here).distinct()},
        members={str(member.user.email).lower(): member for member in members if member.user},
        flows={
            version.flow.name: version
            for version in FlowVersion.objects.current().filter(**here, flow__name__in=flows).select_related("flow")
        },
    )


def facts_of(found: Meant, own: str) -> Facts:
    """The same as plain data."""
    return Facts(
        own=own,
        templates={name: _template(version) for name, version in found.templates.items()},
        teams=_teams(found.teams.values()),
        members={address: _member(member, found.teams.values()) for address, member in found.members.items()},
        flows={name: _flow(version) for name, version in found.flows.items()},
    )


def home_team(member: Member, teams: Iterable[Team]) -> Team | None:
    """The team in which a member plays a role that names none: the first open one that they are in."""
    mine = [team for team in teams if team.pk in member.standing.team_ids and team.closed_at is None]
    return min(mine, key=lambda team: team.pk, default=None)


def _template(version: TemplateVersion) -> TemplateFact:
    asked = specification(version)
    promised = {clock: getattr(version, f"{clock}_within") for clock in PROMISES}
    return TemplateFact(
        context={field.key: _field(field) for field in asked.side(Side.SENDER)},
        result={field.key: _field(field) for field in asked.side(Side.RECEIVER)},
        gives={slot.key: _slot(slot) for slot in asked.slots if slot.side == Side.SENDER},
        delivers={slot.key: _slot(slot) for slot in asked.slots if slot.side == Side.RECEIVER},
        must_tick=_required(asked, Side.SENDER),
        must_verify=_required(asked, Side.RECEIVER),
        within={clock: lasts for clock, lasts in promised.items() if lasts},
    )


def _field(field: Field) -> FieldFact:
    return FieldFact(field.label, field.type.name, field.required, field.internal, field.choices)


def _slot(slot: Slot) -> SlotFact:
    return SlotFact(slot.label, slot.required, slot.internal, slot.accepts, slot.limit)


def _required(asked: Specification, side: Side) -> tuple[str, ...]:
    return tuple(item.label for item in asked.items if item.side == side and item.required)


def _teams(teams: Iterable[Team]) -> dict[str, PeopleFact]:
    teams = list(teams)
    staffed = set(
        TeamMembership.objects.filter(
            team__in=teams,
            organization_id__in={team.organization_id for team in teams},
            member__in=Member.objects.able().exclude(role=Member.Role.VIEWER),
        ).values_list("team_id", flat=True)
    )
    grants = WorkspaceTeamPermission.objects.filter(
        group__in=[team.group_id for team in teams],
        permission__codename__in=[str(including) for including in INCLUDED_IN[Permission.RECEIVE]],
        content_object__closed_at__isnull=True,
    ).values_list("group_id", "content_object__kind")
    receives: dict[int, set[str]] = {}
    for group_id, kind in grants:
        receives.setdefault(group_id, set()).add(kind)
    return {
        team.name: PeopleFact(
            team.name,
            is_client=team.is_client,
            why_not="the team is closed"
            if team.closed_at is not None
            else ""
            if team.pk in staffed
            else "nobody in it can take work",
            receives_in=frozenset(receives.get(team.group_id, ())),
        )
        for team in teams
    }


def _member(member: Member, teams: Iterable[Team]) -> PeopleFact:
    standing = member.standing
    able = member.is_able and member.role != Member.Role.VIEWER
    kinds = frozenset(str(kind) for kind in WorkspaceKind) if standing.sees_everything else _kinds(member)
    return PeopleFact(
        member.name,
        is_client=member.role == Member.Role.CLIENT,
        why_not="" if able else "they cannot take work",
        receives_in=kinds,
        teams=frozenset(team.name for team in teams if team.pk in standing.team_ids),
    )


def _kinds(member: Member) -> frozenset[str]:
    """The kinds of open workspace in which a member may receive."""
    spaces = Workspace.objects.filter(
        organization_id=member.organization_id,
        id__in=member.standing.granted(Permission.RECEIVE),
        closed_at__isnull=True,
    )
    if member.role == Member.Role.CLIENT:
        spaces = spaces.filter(kind=WorkspaceKind.CLIENT)
    return frozenset(spaces.values_list("kind", flat=True))


def _flow(version: FlowVersion) -> FlowFact:
    plan = plan_of(version)
    fixed = frozenset(role.key for role in plan.roles if role.team or role.member)
    return FlowFact(
        fixed=fixed,
        open=frozenset(role.key for role in plan.roles) - fixed,
        reaches=_reached(version),
        context=_first_context(version, plan),
    )


def _first_context(version: FlowVersion, plan: Plan) -> dict[str, FieldFact]:
    """The context fields of a flow's first steps; one that any of them requires is required."""
    found: dict[str, FieldFact] = {}
    for step in plan.starts:
        template = pins_of(version).template_version(step.key)
        for field in specification(template).side(Side.SENDER):
            if field.key not in found or field.required:
                found[field.key] = _field(field)
    return found


def _reached(version: FlowVersion) -> frozenset[str]:
    """The names of all flows that a case of this version may launch."""
    found: set[str] = set()
    waiting = {step.flow for step in plan_of(version).steps if step.kind is StepKind.CASE}
    while waiting:
        found |= waiting
        versions = FlowVersion.objects.current().filter(organization_id=version.organization_id, flow__name__in=waiting)
        waiting = {step.flow for each in versions for step in plan_of(each).steps if step.kind is StepKind.CASE} - found
    return frozenset(found)
