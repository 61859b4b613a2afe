"""Flows to play with: a plan published as it is, and who plays its roles in the world of the tests."""

from collections.abc import Mapping
from typing import Any

from handoffs.actions import accept, complete
from handoffs.actions.cases import launch
from handoffs.flows.conditions import parsed
from handoffs.flows.document import written
from handoffs.flows.plan import Link, Plan, Role, Step, StepKind
from handoffs.models import Case, Flow, FlowVersion, Handoff, Pin, TemplateVersion, Turn
from tenants.models import Member
from tests.world import World

ROLES = {"onboarding": "Onboarding", "sales": "Sales", "support": "Support"}


def link(step: str, when: str = "", **more: Any) -> Link:
    return Link(step, parsed(when) if when else None, **more)


def step(key: str, *after: Link | str, role: str = "onboarding", **more: Any) -> Step:
    """A step of this role after these others."""
    links = tuple(Link(each) if isinstance(each, str) else each for each in after)
    kind = more.pop("kind", StepKind.HANDOFF)
    receiver = role if kind is StepKind.HANDOFF else ""
    return Step(key, key.capitalize(), kind=kind, after=links, receiver=receiver, **more)


def plan(*steps: Step) -> Plan:
    return Plan(tuple(Role(key, name) for key, name in ROLES.items()), steps)


def put_in_force(
    world: World,
    plan: Plan,
    *,
    name: str = "Played",
    templates: Mapping[str, TemplateVersion] = {},
    flows: Mapping[str, FlowVersion] = {},
) -> FlowVersion:
    """A version of a flow as publishing leaves it, whatever publishing would say to the plan."""
    flow = Flow.objects.create(organization=world.organization, name=name, created_at=world.now)
    version = FlowVersion.objects.create(
        organization=world.organization, flow=flow, document=written(plan), created_at=world.now, published_at=world.now
    )
    Pin.objects.bulk_create(
        Pin(
            organization=world.organization,
            version=version,
            step=key,
            template_version=templates.get(key),
            flow_version=flows.get(key),
        )
        for key in {*templates, *flows}
    )
    return version


def cast(world: World) -> dict[str, tuple[Any, None]]:
    return {role: (world.team(team), None) for role, team in ROLES.items()}


def begun(world: World, version: FlowVersion, **more: Any) -> Case:
    """Ana launches it in Projects."""
    given = {"workspace": world.projects, "title": "Northwind", "casting": cast(world), **more}
    return launch(version, by=more.pop("by", world.ana), at=world.later(minutes=1), **given)


def live(case: Case) -> dict[str, Handoff]:
    """The handoff of each step that is live and has one."""
    turns = Turn.objects.filter(case=case, state="live", handoff__isnull=False).select_related("handoff")
    return {turn.step: turn.handoff for turn in turns if turn.handoff}


def states(case: Case) -> dict[str, str]:
    """How the turns that count stand."""
    return dict(Turn.objects.filter(case=case, undone_at=None).values_list("step", "state"))


def does(world: World, case: Case, step: str, by: Member, **more: Any) -> Handoff:
    """`by` accepts this step and completes it."""
    accepted = accept(live(case)[step], by=by, at=world.later(minutes=1))
    return complete(accepted, by=by, at=world.later(minutes=1), **more)
