"""The file in which a flow travels: its document, with its name and what it is for. No Django in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoffs.flows import document
from handoffs.flows.plan import Plan
from handoffs.flows.shapes import UNREAD, Notes, Record, Spelled, Words

FORMAT = "flow/1"


@dataclass(frozen=True)
class Filed:
    """What a file holds."""

    name: str
    description: str
    plan: Plan


def _filed(handrail: str, name: str, description: str = "", **parts: Any) -> Filed:
    return Filed(name, description, Plan(**parts))


FILE = Record(
    _filed,
    {
        "handrail": (Spelled(FORMAT, f"“{FORMAT}”, the format that this portal reads"), "The format of the file."),
        "name": (Words(120, blank=False), "What the flow is called."),
        "description": (Words(2_000), "What it is for."),
        **document.PLAN.properties,
    },
    required=("handrail", "name"),
    description="A flow as it travels: names of templates, teams, members and flows, and no ids.",
)
FILE_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "An exported flow",
    **FILE.schema(),
}


def read_file(text: str | bytes) -> Filed:
    """What an exported file holds. Raises `document.Unreadable`, whatever it is given."""
    notes: Notes = []
    sent = document.read_text(text)
    filed = FILE.read(sent, "", notes)
    if filed is UNREAD:
        raise document.Unreadable(notes)
    document.read(document.written(filed.plan))  # keys that stand twice
    return filed  # type: ignore[no-any-return]


def written_file(filed: Filed) -> dict[str, Any]:
    """The file of a flow; `read_file` gives the same."""
    named = {"handrail": FORMAT, "name": filed.name, "description": filed.description}
    return named | document.written(filed.plan)
