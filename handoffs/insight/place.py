"""Where a handoff stands in its case: which step it is, and where each of its context values came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoffs.flows.knowing import plan_of_case
from handoffs.flows.plan import StepKind
from handoffs.models import Case, Custody, Handoff, Turn
from tenants.models import Member, Role


@dataclass(frozen=True)
class Source:
    """Where a value came from: the step, its side and field, its handoff, and who said it."""

    step: str
    label: str
    side: str
    field: str
    reference: str
    who: str


@dataclass(frozen=True)
class Place:
    """One step of one case. `number` of `steps` counts those that somebody does, as the reader sees them."""

    case: Case
    step: str
    label: str
    number: int
    steps: int
    sources: Mapping[str, Source]


def place_of(handoff: Handoff, reader: Member) -> Place | None:
    """None for what is no step of a case that the reader may see. Four statements at most, none without a case."""
    if handoff.case_id is None:
        return None
    cases = Case.objects.reachable_by(reader).filter(pk=handoff.case_id)
    case = cases.select_related("flow_version__flow").defer("flow_version__document").first()
    turn = Turn.objects.filter(organization_id=handoff.organization_id, handoff_id=handoff.pk).first()
    if case is None or turn is None:
        return None
    plan, is_client = plan_of_case(case), reader.role == Role.CLIENT
    steps = [s.key for s in plan.steps if s.kind is StepKind.HANDOFF and not (is_client and s.internal)]
    if turn.step not in plan.by_key or (is_client and turn.step not in steps):
        return None
    number = steps.index(turn.step) + 1 if turn.step in steps else len(steps)
    sources = _sources(turn, plan.by_key, reader)
    return Place(case, turn.step, plan.by_key[turn.step].label, number, len(steps), sources)


def _sources(turn: Turn, steps: Mapping[str, object], reader: Member) -> dict[str, Source]:
    """Where the values came from, as far as the reader may look there."""
    ids = {origin["handoff"] for origin in turn.origins.values()}
    if not ids:
        return {}
    mine = Handoff.objects.reachable_by(reader).filter(id__in=ids).select_related("sender")
    handoffs = {row.pk: row for row in mine}
    held = Custody.objects.filter(organization_id=turn.organization_id, handoff_id__in=handoffs).order_by("seq")
    doers = {row.handoff_id: row.holder.name for row in held.select_related("holder")}
    found = {}
    for field, origin in turn.origins.items():
        handoff = handoffs.get(origin["handoff"])
        if handoff is not None:
            who = doers.get(handoff.pk, "") if origin["side"] == "result" else handoff.sender.name
            label = getattr(steps.get(origin["step"]), "label", origin["step"])
            place = (origin["step"], label, origin["side"], origin["field"])
            found[field] = Source(*place, handoff.reference, who)
    return found
