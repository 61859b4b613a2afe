"""Starter kits: kinds of handoff that work from the first day, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handoffs.definition.read_back import Grade

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class KitField:
    """A field of a kit: key, label, type, and whether it must be filled."""

    key: str
    label: str
    type: str = "text"
    required: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    internal: bool = False
    key_fact: bool = False


@dataclass(frozen=True)
class KitSlot:
    """A place for documents in a kit."""

    key: str
    label: str
    required: bool = False
    accepts: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Kit:
    """One starter template. `context`, `prepare` and `give` are the sender's; `result`, `verify`, `deliver` theirs."""

    key: str
    name: str
    description: str
    instructions: str = ""
    accept_within: timedelta = 4 * HOUR
    complete_within: timedelta | None = None
    for_clients: bool = False
    read_back: Grade = Grade.OFF
    context: Sequence[KitField] = ()
    result: Sequence[KitField] = ()
    prepare: Sequence[tuple[str, str, bool]] = ()
    verify: Sequence[tuple[str, str, bool]] = ()
    give: Sequence[KitSlot] = ()
    deliver: Sequence[KitSlot] = ()


KITS: Sequence[Kit] = (
    Kit(
        "plain",
        "Plain handoff",
        "Anything that needs a clear owner: what it is, what is expected, by when.",
        for_clients=True,
        context=(
            KitField("expected", "What is expected", "long_text", required=True),
            KitField("wanted_by", "Wanted by", "date"),
        ),
        result=(KitField("outcome", "Outcome", "long_text"),),
    ),
    Kit(
        "sbar",
        "SBAR",
        "Situation, background, assessment, recommendation: a short, complete report between professionals.",
        instructions="Say what is happening **now** first. The receiver confirms the recommendation when accepting.",
        accept_within=HOUR,
        read_back=Grade.ONE_TAP,
        context=(
            KitField("situation", "Situation", "long_text", True, "What is going on right now?"),
            KitField("background", "Background", "long_text", True, "What led up to it?"),
            KitField("assessment", "Assessment", "long_text", True, "What do you think the problem is?"),
            KitField(
                "recommendation",
                "Recommendation",
                "long_text",
                True,
                "What should happen next, and by when?",
                key_fact=True,
            ),
        ),
        result=(KitField("action", "Action taken", "long_text", required=True),),
    ),
    Kit(
        "ipass",
        "I-PASS",
        "Illness severity, patient summary, action list, situation awareness, synthesis by the receiver.",
        accept_within=HOUR / 2,
        read_back=Grade.ONE_TAP,
        context=(
            KitField("severity", "Severity", "choice", True, choices=("Stable", "Watch", "Unstable"), key_fact=True),
            KitField("summary", "Summary", "long_text", required=True),
            KitField("actions", "Action list", "long_text", True, "To do, by whom, by when.", key_fact=True),
            KitField("contingency", "What might happen", "long_text", True, "If this, then that.", key_fact=True),
        ),
        result=(KitField("synthesis", "Synthesis by the receiver", "long_text", required=True),),
        verify=(("read_back", "Key points read back", True),),
    ),
    Kit(
        "sales_onboarding",
        "Sales to onboarding",
        "A signed client goes from the people who promised to the people who deliver.",
        instructions="Everything that was **promised** belongs in here, also what was said only on the phone.",
        complete_within=24 * HOUR,
        context=(
            KitField("contract_value", "Contract value a year", "number", required=True),
            KitField("start_date", "Start date", "date", required=True),
            KitField("billing_contact", "Billing contact", "email", required=True),
            KitField("promises", "What was promised", "long_text", required=True),
            KitField("margin", "Margin notes", "long_text", internal=True),
        ),
        result=(KitField("kickoff_at", "Kick-off", "date_time", required=True),),
        prepare=(
            ("scope_agreed", "Scope agreed with the client", True),
            ("billing_confirmed", "Billing contact confirmed", True),
        ),
        verify=(("welcome_sent", "Welcome message sent", True),),
        give=(KitSlot("contract", "Signed contract", True, ("application/pdf",), 1),),
    ),
    Kit(
        "document_request",
        "Document request",
        "A client is asked for documents and delivers them here.",
        accept_within=8 * HOUR,
        complete_within=40 * HOUR,
        context=(
            KitField("purpose", "What it is for", "long_text", required=True),
            KitField("needed_by", "Needed by", "date", required=True),
        ),
        result=(KitField("remarks", "Remarks", "long_text"),),
        deliver=(KitSlot("requested", "Requested documents", True, limit=20),),
    ),
    Kit(
        "approval",
        "Approval",
        "Somebody decides; the decision and its reason stay on record.",
        complete_within=8 * HOUR,
        for_clients=True,
        context=(
            KitField("subject", "What to approve", "long_text", required=True),
            KitField("amount", "Amount", "number"),
        ),
        result=(
            KitField("decision", "Decision", "choice", True, choices=("Approved", "Approved with changes", "Rejected")),
            KitField("grounds", "Grounds", "long_text", required=True),
        ),
    ),
    Kit(
        "on_call",
        "On-call shift",
        "What the next shift must know: open incidents, watch items, who to call.",
        accept_within=HOUR / 4,
        context=(
            KitField("open_incidents", "Open incidents", "long_text", required=True),
            KitField("watch", "Watch items", "long_text"),
            KitField("quiet", "Was the shift quiet?", "yes_no", required=True),
        ),
        prepare=(("pager_tested", "Pager tested", True), ("runbook_checked", "Runbook up to date", False)),
    ),
)
