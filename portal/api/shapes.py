"""What the API says, as types: mypy holds the code to them, and the OpenAPI description is made from them."""

from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

from handoffs.clocks.explaining import Why
from handoffs.insight.split import Phase
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import ClockKind, Side
from tenants.models.member import Kind, Role
from tenants.models.team import TeamKind
from tenants.models.workspace import WorkspaceKind

PriorityWord = Literal["normal", "high", "urgent"]
KindWord = Literal["offers", "questions", "progress", "notes", "alarms"]
GradeWord = Literal["off", "one_tap", "full"]
PaceWord = Literal["at_once", "digest", "never"]


class Shortfall(TypedDict):
    """One thing that is still missing or wrong, and what to do about it."""

    part: str
    key: str
    sentence: str


class Problem(TypedDict):
    """RFC 9457 problem details. `detail` is a sentence for people, `code` is stable and for programs.

    Further members depend on the code: `holder` names who answers for the handoff now, `missing` lists what an offer
    or a completion still lacks, `fields` says what is wrong with what was sent.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    holder: NotRequired[str | None]
    missing: NotRequired[list[Shortfall]]
    fields: NotRequired[dict[str, list[str]]]


class Named(TypedDict):
    """Somebody or something, by id and by name."""

    id: int
    name: str


class TemplateName(TypedDict):
    """The template of a handoff and the version it keeps."""

    id: int
    name: str
    version: int


class Offer(TypedDict):
    """One attempt to transfer a handoff to a team, or to one member of it."""

    seq: int
    verb: Verb
    state: OfferState
    giver: Named
    from_team: Named | None
    to_team: Named
    to_member: Named | None
    message: str
    offered_at: datetime
    due_at: datetime | None
    delivered_at: datetime | None
    viewed_at: datetime | None
    closed_at: datetime | None
    reason_code: str
    reason: str


class HandoffRow(TypedDict):
    """A handoff as lists show it. `custodian` is who answers for it now; nobody does once it is closed."""

    reference: str
    title: str
    state: State
    priority: PriorityWord
    workspace: Named
    template: TemplateName | None
    sender: Named
    sender_team: Named | None
    custodian: Named | None
    custodian_team: Named | None
    open_offer: Offer | None
    complete_due_at: datetime | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None


class ChecklistItem(TypedDict):
    """One item to tick."""

    key: str
    label: str
    side: Side
    required: bool
    internal: bool
    ticked_at: datetime | None
    ticked_by: Named | None


class Document(TypedDict):
    """One version of one file; `url` is where it is downloaded."""

    id: UUID
    name: str
    version: int
    is_latest: bool
    slot: str
    side: Side
    media_type: str
    size: int
    sha256: str
    internal: bool
    attached_at: datetime
    attached_by: Named
    url: str


class Link(TypedDict):
    """One address somewhere else."""

    id: int
    url: str
    label: str
    internal: bool
    added_at: datetime
    added_by: Named


class Note(TypedDict):
    """Words beside the work."""

    id: int
    body: str
    internal: bool
    written_at: datetime
    written_by: Named


class Question(TypedDict):
    """A question and, once there is one, its answer."""

    id: int
    body: str
    asked_at: datetime
    asked_by: Named
    asked_member: Named | None
    asked_team: Named | None
    answer: str
    answered_at: datetime | None
    answered_by: Named | None


class Planned(TypedDict):
    """What is offered by itself when its receiver opens: to whom, and when that is."""

    at: datetime
    to_team: Named
    to_member: Named | None
    message: str


class Custody(TypedDict):
    """One interval in which one member answered for the handoff."""

    seq: int
    verb: Verb
    holder: Named
    team: Named | None
    started_at: datetime
    ended_at: datetime | None


class Clock(TypedDict):
    """A running or past promise, in working time: `target_seconds` of it end at `due_at`. To answer: a `question`.

    `elapsed_seconds` is its age in raw time, which never pauses. While `paused_at` is set, `due_at` waits to be moved.
    """

    id: int
    kind: ClockKind
    question: int | None
    target_seconds: int
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    elapsed_seconds: float
    is_late: bool


class DueLine(TypedDict):
    """One line of why a promise is due when it is: what counts adds up to the target."""

    why: Why
    starts_at: datetime
    ends_at: datetime
    counted_seconds: float
    total_seconds: float
    words: str


class ClockExplained(Clock):
    """A promise with the working intervals, closed days and pauses that make its due instant."""

    calendar: str
    zone: str
    lines: list[DueLine]


class TimeSlice(TypedDict):
    """A stretch of a handoff's life: who answered for it, what it waited for, how much lay inside that side's hours."""

    starts_at: datetime
    ends_at: datetime
    holder: Named
    phase: Phase
    inside_seconds: float
    outside_seconds: float


class TimeSpent(TypedDict):
    """Where the time went since the first offer. The slices follow each other and add up to `total_seconds`."""

    total_seconds: float
    slices: list[TimeSlice]


class ValueSource(TypedDict):
    """Where a context value came from."""

    step: str
    label: str
    side: Literal["context", "result"]
    field: str
    reference: str
    who: str


class StepOfCase(TypedDict):
    """Which step of which case a handoff is, and where its context values came from, by field."""

    case: str
    title: str
    step: str
    label: str
    number: int
    steps: int
    origins: dict[str, ValueSource]


class KeyFact(TypedDict):
    """A key fact of a handoff, as read back: `said` is missing where it was confirmed by one tap."""

    key: str
    label: str
    stands: Any
    said: NotRequired[Any]


class ReadBackDone(TypedDict):
    """The read-back with which a handoff was accepted last."""

    by: Named
    at: datetime
    grade: GradeWord
    facts: list[KeyFact]


class ReadBack(TypedDict):
    """What accepting asks of you: the keys of the facts to read back, and what the last acceptance said.

    Under the grade `full` those facts are not in `context` until you have accepted.
    """

    grade: GradeWord
    asks: list[str]
    done: ReadBackDone | None


class Handoff(HandoffRow):
    """One handoff with everything that travels with it, its place in a case and the verbs that you may do."""

    summary: str
    context: dict[str, Any]
    result: dict[str, Any]
    hold_reason: str
    held_until: datetime | None
    planned: Planned | None
    checklist: list[ChecklistItem]
    documents: list[Document]
    links: list[Link]
    notes: list[Note]
    questions: list[Question]
    offers: list[Offer]
    custody: list[Custody]
    clocks: list[Clock]
    step: StepOfCase | None
    read_back: ReadBack
    allowed: list[Verb]


class Event(TypedDict):
    """One row of the ledger. `facts` are for the organization's own people; a client gets the sentence."""

    seq: int
    verb: Verb
    at: datetime
    by: Named
    before: str
    after: State
    sentence: str
    internal: bool
    facts: dict[str, Any]


class Sharing(TypedDict):
    """The teams and members that see a handoff beyond its workspace. A client is told of nobody."""

    teams: list[Named]
    members: list[Named]


class DocumentSlot(TypedDict):
    """A place for documents; `accepts` is empty where any type will do."""

    key: str
    label: str
    side: Side
    required: bool
    internal: bool
    accepts: list[str]
    limit: int


class TemplateItem(TypedDict):
    """A checklist item that handoffs of this kind carry."""

    key: str
    label: str
    side: Side
    required: bool
    internal: bool


class Template(TypedDict):
    """A published version of a template; the two schemas (JSON Schema 2020-12) say what context and result hold."""

    id: int
    name: str
    version: int
    description: str
    instructions: str
    for_clients: bool
    published_at: datetime
    target_team: Named | None
    accept_within_seconds: int | None
    start_within_seconds: int | None
    complete_within_seconds: int | None
    answer_within_seconds: int | None
    read_back: GradeWord
    key_facts: list[str]
    context_schema: dict[str, Any]
    result_schema: dict[str, Any]
    checklist: list[TemplateItem]
    documents: list[DocumentSlot]


class Workspace(TypedDict):
    """A place for handoffs, and what you may do there."""

    id: int
    name: str
    kind: WorkspaceKind
    description: str
    may: list[Literal["view", "send", "receive", "manage"]]


class Team(TypedDict):
    """People who receive work together. `is_mine` when you are one of them."""

    id: int
    name: str
    kind: TeamKind
    lead: Named
    is_mine: bool


class Member(TypedDict):
    """One who can act here: a person or a service."""

    id: int
    name: str
    kind: Kind
    role: Role
    email: str | None
    teams: list[Named]


class Organization(TypedDict):
    """The organization in the address."""

    name: str
    slug: str
    zone: str


class Token(TypedDict):
    """The token that this request came with."""

    name: str
    prefix: str
    expires_at: datetime | None


class Me(TypedDict):
    """Who is asking, and what waits for them. Counts stop at 100."""

    member: Member
    organization: Organization
    token: Token | None
    waiting: int
    unread_notices: int


class Notice(TypedDict):
    """An event as you are told of it, and why."""

    id: int
    why: str
    handoff: str
    title: str
    verb: Verb
    sentence: str
    created_at: datetime
    read_at: datetime | None


class Counted(TypedDict):
    """How many notices were marked as read."""

    read: int


class Pace(TypedDict):
    """How soon you are told of one kind by one channel. Alarms always come at once."""

    kind: KindWord
    channel: str
    pace: PaceWord


class Preferences(TypedDict):
    """How you are told. Digests come every hour, or daily at the hour `daily_at`; times are in your own zone.

    In quiet hours nothing is sent to you; both ends are null where there are none. `weekly`: whether a report of each
    week comes by mail.
    """

    paces: list[Pace]
    daily_at: int | None
    quiet_from: str | None
    quiet_until: str | None
    weekly: bool
    zone: str
