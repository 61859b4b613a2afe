"""What the API says of flows and cases, as types; see `shapes`."""

from datetime import datetime
from typing import Any, Literal, TypedDict

from handoffs.flows.plan import StepKind
from handoffs.insight.case_time import Share
from handoffs.insight.case_time import Side as TimeSide
from handoffs.insight.expected import Source
from handoffs.models import CaseState, CaseVerb
from portal.api.shapes import Named

Doing = Literal["accept", "start", "work", "hold", "mend", "wait", "case", "ours", "elsewhere"]
Standing = Literal["to_come", "live", "done", "skipped", "bypassed", "cancelled"]


class FlowName(TypedDict):
    """The flow of a case and the version it keeps."""

    id: int
    name: str
    version: int


class FlowRow(TypedDict):
    """A flow in use, as its newest published version."""

    id: int
    name: str
    description: str
    version: int
    published_at: datetime | None


class FlowRole(TypedDict):
    """One side of the work. `is_fixed` when the flow fills it itself, so that a launch casts nobody for it."""

    key: str
    label: str
    is_fixed: bool


class Flow(FlowRow):
    """A flow with its document, and JSON Schema of the `casting` and `given` that launching a case of it takes."""

    roles: list[FlowRole]
    needs_internal_workspace: bool
    document: dict[str, Any]
    launch_schema: dict[str, Any]


class FlowProblem(TypedDict):
    """One thing that is wrong with a draft. `place` is a path into the document; an error keeps it from publishing."""

    place: str
    sentence: str
    code: str
    severity: Literal["error", "warning"]


class FlowVersionRow(TypedDict):
    """One version of a flow; without `published_at` it is the draft."""

    id: int
    name: str
    version: int
    published_at: datetime | None


class FlowVersion(FlowVersionRow):
    """A version with its document. `problems` is empty for what is published; `fingerprint` tells this document from
    every other: sent back as `base`, it keeps what somebody else did meanwhile from being overwritten or published.
    """

    description: str
    fingerprint: str
    document: dict[str, Any]
    problems: list[FlowProblem]


class ImportedFlow(FlowVersion):
    """The draft that a file became, and in `notes` what was decided in reading it."""

    notes: list[str]


class Ball(TypedDict):
    """Who is to act now at one step. `answers` answers for it meanwhile; `reference` is its handoff or case.

    `doing`: accept, start, work, hold, mend (a handoff); wait; case (another case); elsewhere (where you may not look);
    ours (what a client is told of internal steps).
    """

    step: str
    label: str
    doing: Doing
    who: str
    team: str
    answers: str
    since: datetime
    until: datetime | None
    is_late: bool
    is_mine: bool
    reference: str | None


class CaseRow(TypedDict):
    """A case as lists show it. `balls`: who is to act now, one for each step under way."""

    reference: str
    title: str
    state: CaseState
    flow: FlowName
    workspace: Named
    owner: Named
    launched_by: Named
    launched_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    balls: list[Ball]


class CaseStep(TypedDict):
    """One step and how it stands. `came_from` are the steps that led there, `times` how often the case came to it."""

    key: str
    label: str
    kind: StepKind
    state: Standing
    who: str
    came_from: list[str]
    waits_for: str
    times: int
    is_late: bool
    internal: bool
    reference: str | None


class Cast(TypedDict):
    """Who plays one role."""

    role: str
    label: str
    team: Named
    member: Named | None


class CaseTime(TypedDict):
    """How long the case was in hands, between hands and so on, and on whose side; all of them add up to its life."""

    share: Share
    side: TimeSide
    seconds: float


class Expected(TypedDict):
    """When it may be expected to be over. `source`: history (the median of `cases` completed ones) or targets."""

    at: datetime
    source: Source
    cases: int


class KnownValue(TypedDict):
    """One value: where it was said first, and the labels of the steps that it flowed into."""

    step: str
    label: str
    field: str
    field_label: str
    value: Any
    who: str
    at: datetime
    reference: str
    went_to: list[str]
    internal: bool


class Case(CaseRow):
    """A case with its steps, its people, its time and what is known in it, as far as the reader may know."""

    reason: str
    internal_workspace: Named | None
    casting: list[Cast]
    steps: list[CaseStep]
    time: list[CaseTime]
    expected: Expected | None
    known: list[KnownValue]
    allowed: list[CaseVerb]


class Moment(TypedDict):
    """One thing that happened in a case: to itself, or at one of its steps."""

    at: datetime
    verb: str
    by: str
    sentence: str
    label: str
    reference: str | None
