"""Links between steps: made and taken away. Pure."""

from collections.abc import Mapping
from typing import Any

from handoffs.flows.editing.names import Document, Part, listed, place_of
from tenants.refusals import Missing


def connect(document: Mapping[str, Any], key: str, link: Part) -> Document:
    """With one more link that leads to the step `key`: {"step", "when", "otherwise", "again_at_most"}.

    Raises Missing no_such_step.
    """
    steps = listed(document, "steps")
    place = place_of(steps, key, "step")
    place_of(steps, str(link.get("step", "")), "step")
    steps[place]["after"] = [*steps[place].get("after", ()), dict(link)]
    return {**document, "steps": steps}


def disconnect(document: Mapping[str, Any], key: str, number: int) -> Document:
    """Without the link of this number (from 0) among those that lead to the step.

    Raises Missing no_such_step, no_such_link.
    """
    steps = listed(document, "steps")
    step = steps[place_of(steps, key, "step")]
    links = list(step.get("after", ()))
    if not 0 <= number < len(links):
        raise Missing("There is no such link any more.", code="no_such_link")
    del links[number]
    step.pop("after", None)
    if links:
        step["after"] = links
    return {**document, "steps": steps}
