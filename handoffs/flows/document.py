"""The document: a flow as JSON. What is read is well formed; whether it makes sense is for `check` to say."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from handoffs.flows.conditions import Both, Comparison
from handoffs.flows.plan import (
    DoneOn,
    Link,
    Pause,
    Plan,
    Role,
    Step,
    StepKind,
    Take,
    TakeDocuments,
    WaitsFor,
)
from handoffs.flows.problems import Problem
from handoffs.flows.shapes import (
    UNREAD,
    Duration,
    Flag,
    Many,
    Named,
    Notes,
    OneOf,
    Record,
    Spelled,
    When,
    Whole,
    Words,
    duration,
    shown,
)

MOST_STEPS, MOST_ROLES, MOST_LINKS, MOST_TAKES = 200, 40, 40, 100
LARGEST = 1_000_000  # characters of JSON

KEY = Spelled("[a-z][a-z0-9_-]{0,39}", "a key: a small letter, then up to 39 of a–z, 0–9, _ and -")
FIELD = Spelled("[A-Za-z0-9_-]{1,40}", "the key of a field")
PATH = Spelled(r"[a-z][a-z0-9_-]{0,39}\.(?:context|result)\.[A-Za-z0-9_-]{1,40}", "a path such as intake.result.amount")
CLOCK = Spelled("accept|start|complete|answer", "one of: accept, start, complete, answer")
LABEL, NAME = Words(120, blank=False), Words(120)

ROLE = Record(
    Role,
    {
        "key": (KEY, "What steps name it by."),
        "label": (LABEL, "What people read."),
        "team": (NAME, "The team that always plays it; without team and member it is chosen at launch."),
        "member": (Words(254), "The e-mail address of the member who always plays it."),
    },
    required=("key", "label"),
    description="One side of the work.",
)
LINK = Record(
    Link,
    {
        "step": (KEY, "The step that this one comes after."),
        "when": (When(), 'A condition such as review.result.decision = "Rejected".'),
        "otherwise": (Flag(), "Taken when no other link out of that step is."),
        "again_at_most": (Whole(1, 99), "Makes it a loop: it leads back, and may be taken this often in one case."),
    },
    required=("step",),
    description="How a case comes from one step to another.",
)
TAKE = Record(
    Take,
    {"field": (FIELD, "The context field it fills."), "source": (PATH, "Where the value comes from.")},
    required=("field", "source"),
    description="One value that flows on.",
)
DOCUMENTS = Record(
    TakeDocuments,
    {
        "step": (KEY, "The step whose documents flow on."),
        "from_slot": (Words(40), "Only those of this slot."),
        "slot": (Words(40), "The slot of this step that they are laid into."),
    },
    required=("step",),
    description="Documents that flow on.",
)
PAUSE = Record(
    Pause,
    {
        "lasts": (Duration(), "Working time."),
        "hours_of": (KEY, "The role whose working hours count."),
        "until": (PATH, "The date or date and time until which it waits."),
    },
    description="How long a wait lasts.",
)
STEP = Record(
    Step,
    {
        "key": (KEY, "What links and conditions name it by."),
        "label": (LABEL, "What people read."),
        "kind": (OneOf(StepKind), "A handoff unless it says otherwise."),
        "waits_for": (OneOf(WaitsFor), "All of the links that lead here (unless it says otherwise), or any of them."),
        "after": (Many(LINK, MOST_LINKS), "The links that lead here; a step that only loops lead to is a start."),
        "template": (NAME, "The name of the template that says what must travel."),
        "giver": (KEY, "The role that hands over."),
        "receiver": (KEY, "The role that takes over."),
        "within": (Named(CLOCK, Duration(), 4), "Working time that takes the place of the template's."),
        "takes_all": (
            Flag(),
            "Every value known by then flows into the field of the same key; true unless it says no.",
        ),
        "takes": (Many(TAKE, MOST_TAKES), "Further values that flow on; these win."),
        "documents": (Many(DOCUMENTS, MOST_LINKS), "Documents that flow on."),
        "asks": (Many(FIELD, MOST_TAKES), "Context fields that the giver is asked for when handing on."),
        "done_on": (OneOf(DoneOn), "The verb that ends it; an acknowledgment ends with `accept`."),
        "may_skip": (Flag(), "It may be skipped with a reason."),
        "internal": (Flag(), "It happens out of the client's sight."),
        "pause": (PAUSE, "For a wait."),
        "flow": (NAME, "For a case: the name of the other flow."),
        "cast": (Named(KEY, KEY, MOST_ROLES), "For a case: role of the other flow → role of this one."),
    },
    required=("key", "label"),
    description="One node of the flow.",
)
PLAN = Record(
    Plan,
    {
        "roles": (Many(ROLE, MOST_ROLES), "Who works in it."),
        "steps": (Many(STEP, MOST_STEPS), "What is done, in the order in which it is read."),
    },
)
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The document of a flow",
    **PLAN.schema(),
}


class Unreadable(ValueError):
    """It is no document of a flow; `problems` says why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems[:3]))


def read(document: Any) -> Plan:
    """The plan that a document describes. Raises `Unreadable`, whatever it is given."""
    notes: Notes = []
    plan = PLAN.read(document, "", notes)
    if plan is not UNREAD:
        notes += _twice(plan)
    if notes:
        raise Unreadable(notes)
    return plan  # type: ignore[no-any-return]


def read_text(text: str | bytes) -> Any:
    """What a JSON text holds. Raises `Unreadable`, also for a name that stands twice in one object."""
    if len(text) > LARGEST:
        raise Unreadable([Problem("", f"The file has more than {LARGEST:,} characters.", "too_long")])
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        why = str(fault) if isinstance(fault, _Said) else "This is no JSON that can be read."
        raise Unreadable([Problem("", why, "not_json")]) from None


def written(plan: Plan) -> dict[str, Any]:
    """The document of a plan, without what is left at its default; `read` gives the same plan."""
    return {"roles": _plain(plan.roles), "steps": _plain(plan.steps)}


def _plain(value: Any) -> Any:
    if isinstance(value, Comparison | Both):
        return str(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Role | Step | Link | Take | TakeDocuments | Pause):
        usual = _defaults(type(value))  # type: ignore[arg-type]
        said = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: _plain(one) for name, one in said.items() if one != usual[name]}
    return value


@cache
def _defaults(kind: Any) -> Mapping[str, Any]:
    """What a part is without a word said; keys and labels have no default."""
    made = {"key": None, "label": None, "step": None, "field": None, "source": None}
    blank = kind(**{f.name: made[f.name] for f in fields(kind) if f.name in made})
    return {f.name: getattr(blank, f.name) for f in fields(kind)}


def _twice(plan: Plan) -> list[Problem]:
    """Keys that stand twice: everything names roles and steps by them."""
    notes = []
    keys = {"roles": [role.key for role in plan.roles], "steps": [step.key for step in plan.steps]}
    for what, listed in keys.items():
        for index, key in enumerate(listed):
            if key in listed[:index]:
                sentence = f"“{key}” is the key of another of the {what}; each needs one of its own."
                notes.append(Problem(f"{what}/{index}/key", sentence, "key_twice"))
    return notes


class _Said(ValueError):
    """A fault of the JSON that has a sentence."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Said(f"“{shown(name)}” stands twice in one object.")
        found[name] = value
    return found


def _no_number(constant: str) -> Any:
    raise _Said(f"{constant} is no number that JSON knows.")
