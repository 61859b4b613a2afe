"""A flow of the firm: taking on a client, with steps of the client's, an internal one, a join, a loop and a wait.

intake (Onboarding) → papers (the client), access (Support, internal) → check (Sales; rejected: back to intake) → over.
"""

from datetime import timedelta
from typing import Any

from handoffs.actions import accept, complete
from handoffs.actions.cases import launch
from handoffs.actions.templates import create_template, publish, write
from handoffs.flows.conditions import parsed
from handoffs.flows.document import written
from handoffs.flows.plan import Link, Plan, Role, Step, StepKind
from handoffs.models import Case, FieldDefinition, Flow, FlowVersion, Handoff, Pin, Side, TemplateVersion, Turn
from tenants.models import Member
from tests.world import FOUNDED, World

NAME = "Taking on a client"
SECRET = "Forty per cent"  # said in internal fields only
ROLES = {"onboarding": "Onboarding", "support": "Support", "client": "Northwind", "sales": "Sales"}
PLAN = Plan(
    tuple(Role(key, label) for key, label in ROLES.items()),
    (
        Step(
            "intake",
            "Intake",
            after=(Link("check", parsed('check.result.decision = "Rejected"'), again_at_most=2),),
            template="Client intake",
            receiver="onboarding",
            giver="sales",
            asks=("wish",),
            within={"accept": timedelta(hours=4), "complete": timedelta(hours=8)},
        ),
        Step("papers", "Papers", after=(Link("intake"),), template="Papers", receiver="client", giver="onboarding"),
        Step(
            "access",
            "Secret accounts",
            after=(Link("intake"),),
            template="Papers",
            receiver="support",
            giver="onboarding",
            internal=True,
            may_skip=True,
            asks=("remark",),
        ),
        Step(
            "check",
            "Check",
            after=(Link("papers"), Link("access")),
            template="Check",
            receiver="sales",
            giver="client",
            within={"accept": timedelta(hours=2), "complete": timedelta(hours=4)},
        ),
        Step("over", "Client is live", StepKind.MILESTONE, after=(Link("check"),)),
    ),
)
INTAKE: dict[str, Any] = {"amount": "48000", "contact": "Cleo", "margin": SECRET}


def install(world: World, plan: Plan = PLAN) -> FlowVersion:
    """The flow as publishing leaves it, with its templates; the same again where it is in force already."""
    known = FlowVersion.objects.filter(organization=world.organization, flow__name=NAME).select_related("flow").first()
    if known is not None:
        return known
    fields = {
        "Client intake": [
            _field("wish", "What they wish for", Side.SENDER, required=True),
            _field("amount", "Amount", type="number", required=True),
            _field("contact", "Contact"),
            _field("margin", "Margin", internal=True),
        ],
        "Papers": [
            _field("amount", "Amount", Side.SENDER, type="number"),
            _field("contact", "Contact", Side.SENDER),
            _field("remark", "Remark for who does it", Side.SENDER),
            _field("paper", "Which paper"),
        ],
        "Check": [
            _field("paper", "Which paper", Side.SENDER),
            _field("decision", "Decision", type="choice", choices=["Approved", "Rejected"], required=True),
        ],
    }
    templates = {name: _template(world, name, parts) for name, parts in fields.items()}
    flow = Flow.objects.create(organization=world.organization, name=NAME, created_at=FOUNDED)
    version = FlowVersion.objects.create(
        organization=world.organization, flow=flow, document=written(plan), created_at=FOUNDED, published_at=FOUNDED
    )
    Pin.objects.bulk_create(
        Pin(organization=world.organization, version=version, step=step.key, template_version=templates[step.template])
        for step in plan.steps
        if step.template
    )
    return version


def launched(world: World, version: FlowVersion | None = None, **more: Any) -> Case:
    """Ana launches it for Northwind."""
    words: dict[str, Any] = {
        "workspace": world.northwind,
        "internal_workspace": world.projects,
        "title": "Northwind comes on board",
        "casting": {role: (world.team(team), None) for role, team in ROLES.items()},
        "given": {"intake": {"wish": "To begin in December"}},
    }
    at = world.later(minutes=1)
    return launch(version or install(world), at=at, **{"by": world.ana} | words | more)


def live(case: Case, step: str) -> Handoff:
    """The live handoff of a step."""
    turn = Turn.objects.select_related("handoff").get(case=case, step=step, state="live")
    assert turn.handoff is not None
    return turn.handoff


def does(world: World, case: Case, step: str, by: Member, **more: Any) -> Handoff:
    """`by` accepts this step and completes it half an hour later."""
    accepted = accept(live(case, step), by=by, at=world.later(minutes=30))
    return complete(accepted, by=by, at=world.later(minutes=30), **more)


def intake_done(world: World, case: Case) -> Handoff:
    """Ben does the intake; the client and Support are asked next."""
    return does(world, case, "intake", world.ben, result=INTAKE, given={"access": {"remark": SECRET}})


def completed(world: World, case: Case) -> Case:
    """The whole way."""
    intake_done(world, case)
    does(world, case, "papers", world.cleo, result={"paper": "Register"})
    does(world, case, "access", world.sam)
    does(world, case, "check", world.max, result={"decision": "Approved"})
    case.refresh_from_db()
    assert case.state == "completed"
    return case


def _field(key: str, label: str, side: Side = Side.RECEIVER, type: str = "text", **more: Any) -> FieldDefinition:
    return FieldDefinition(key=key, label=label, side=side, type=type, **more)


def _template(world: World, name: str, parts: list[FieldDefinition]) -> TemplateVersion:
    version = create_template(name=name, for_clients=True, by=world.olga, at=FOUNDED)
    for position, part in enumerate(parts):
        part.position = position
    write(version=version, parts=parts, by=world.olga, at=FOUNDED)
    return publish(version=version, by=world.olga, at=FOUNDED)
