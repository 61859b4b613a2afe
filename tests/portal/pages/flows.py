"""A flow as the pages of its editor make it, and what every change has to carry."""

import re
from typing import Any

from handoffs.actions.flows import create_flow, publish_flow
from handoffs.models import FlowVersion, HandoffTemplate
from tests.handoffs.flows.some import install_work
from tests.portal.pages.conftest import Visitor
from tests.world import World

REVIEW: dict[str, Any] = {
    "roles": [
        {"key": "asker", "label": "Asker", "team": "Sales"},
        {"key": "checker", "label": "Checker", "team": "Onboarding"},
    ],
    "steps": [
        {"key": "check", "label": "Check it", "template": "Work", "giver": "asker", "receiver": "checker"},
        {
            "key": "pay",
            "label": "Pay it",
            "template": "Work",
            "giver": "checker",
            "receiver": "asker",
            "after": [{"step": "check", "when": 'check.result.decision = "Approved"'}],
        },
        {
            "key": "over",
            "label": "Over",
            "kind": "milestone",
            "waits_for": "any",
            "after": [{"step": "pay"}, {"step": "check", "otherwise": True}],
        },
    ],
}


def review(world: World, name: str = "Review", published: bool = False) -> FlowVersion:
    """A draft with two handoffs and a milestone, that may be published."""
    if not HandoffTemplate.objects.filter(name="Work").exists():
        install_work(world)
    version = create_flow(name=name, description="Who pays what", by=world.olga, at=world.now, document=REVIEW)
    return publish_flow(version=version, by=world.olga, at=world.now) if published else version


def base_of(visitor: Visitor, flow: int) -> str:
    """What the editor's forms carry, so that nobody overwrites what they have not seen."""
    found = re.search(r'name="base" value="(\w+)"', visitor.read(f"flows/{flow}/edit/"))
    assert found
    return found[1]


def filled(visitor: Visitor, path: str, **changes: str) -> dict[str, str]:
    """Everything a form on that page would send, as a browser would, with some of it changed."""
    page = visitor.get(path)
    form = page.context["form"]
    sent = {"base": page.context["base"]}
    for each in (
        form,
        *(inner for rows in getattr(form, "rows", {}).values() for inner in (rows.management_form, *rows)),
    ):
        for field in each:
            value = field.value()
            if value is None or value is False or value == "" or isinstance(value, list):
                continue
            sent[field.html_name] = "on" if value is True else str(field.field.prepare_value(value))
    return {name: value for name, value in (sent | changes).items() if value != ""}
