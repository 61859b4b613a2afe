"""Starter flows, with the templates that they need."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handoffs.actions.flows.publish import publish_flow
from handoffs.actions.flows.revise import create_flow
from handoffs.actions.templates.equip import equip
from handoffs.definition.flow_kits import FLOW_KITS
from handoffs.definition.kits import KITS
from handoffs.flows.starters import STARTERS, Starter
from handoffs.models import Flow, FlowVersion, HandoffTemplate
from tenants.models import Member
from tenants.rules import must_run_the_organization


def install_starters(*, by: Member, at: datetime, starters: Sequence[Starter] = STARTERS) -> list[FlowVersion]:
    """Makes and publishes what is not there yet and returns it; run again, it makes nothing.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid flow_has_problems where a template it needs was retired.
    """
    must_run_the_organization(by)
    here = {"organization_id": by.organization_id}
    present = set(Flow.objects.filter(**here).exclude(starter="").values_list("starter", flat=True))
    missing = [starter for starter in starters if starter.key not in present]
    wanted = frozenset[str]().union(*(starter.kits for starter in missing))
    equip(by=by, at=at, kits=[kit for kit in (*KITS, *FLOW_KITS) if kit.key in wanted])
    names = dict(HandoffTemplate.objects.filter(**here, kit__in=wanted).values_list("kit", "name"))
    return [_install(starter, names, by, at) for starter in missing]


def _install(starter: Starter, names: dict[str, str], by: Member, at: datetime) -> FlowVersion:
    """Templates go by the names that they have here by now."""
    steps: list[dict[str, Any]] = [
        step | {"template": names[step["template"]]} if "template" in step else step
        for step in starter.document["steps"]
    ]
    draft = create_flow(
        name=starter.name,
        description=starter.description,
        document={**starter.document, "steps": steps},
        starter=starter.key,
        by=by,
        at=at,
    )
    return publish_flow(version=draft, by=by, at=at)
