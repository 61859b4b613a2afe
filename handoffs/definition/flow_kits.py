"""Further kits, which come with the starter flows: what one step finds out is a field that later ones ask for."""

from collections.abc import Sequence

from handoffs.definition.kits import HOUR, Kit, KitField, KitSlot

DECISIONS = ("Approved", "Rejected")

_ONBOARDING = (
    Kit(
        "signed_client",
        "Signed client",
        "A client has signed; whoever delivers learns what was promised, and finds out what the client is after.",
        complete_within=16 * HOUR,
        context=(
            KitField("client_name", "Name of the client", required=True),
            KitField("start_date", "Start date", "date", required=True),
            KitField("billing_contact", "Billing contact", "email", required=True),
            KitField("promises", "What was promised", "long_text", required=True),
        ),
        result=(
            KitField("goals", "What the client wants to reach", "long_text", required=True),
            KitField("needs_documents", "Are documents of the client needed?", "yes_no", required=True),
        ),
        prepare=(("scope_agreed", "Scope agreed with the client", True),),
    ),
    Kit(
        "account_setup",
        "Account set-up",
        "Everything is made ready for a client's first day.",
        complete_within=24 * HOUR,
        context=(
            KitField("client_name", "Name of the client", required=True),
            KitField("start_date", "Start date", "date", required=True),
            KitField("goals", "What the client wants to reach", "long_text", required=True),
            KitField("promises", "What was promised", "long_text", required=True),
            KitField("remarks", "Remarks of the client", "long_text"),
        ),
        result=(
            KitField("address", "Where the client signs in", "link", required=True),
            KitField("prepared", "What was set up", "long_text", required=True),
        ),
        verify=(("access_tested", "Access tested", True),),
    ),
    Kit(
        "welcome",
        "Welcome",
        "A client learns that all is ready, and when it begins.",
        accept_within=8 * HOUR,
        context=(
            KitField("address", "Where to sign in", "link", required=True),
            KitField("kickoff_at", "Kick-off", "date_time", required=True),
            KitField("start_date", "Start date", "date", required=True),
        ),
    ),
    Kit(
        "into_care",
        "Into care",
        "Whoever looks after a client from the first day on knows what was agreed and made.",
        complete_within=8 * HOUR,
        context=(
            KitField("client_name", "Name of the client", required=True),
            KitField("goals", "What the client wants to reach", "long_text", required=True),
            KitField("promises", "What was promised", "long_text", required=True),
            KitField("prepared", "What was set up", "long_text", required=True),
            KitField("billing_contact", "Billing contact", "email", required=True),
            KitField("kickoff_at", "Kick-off", "date_time"),
        ),
        result=(KitField("first_impression", "First impression", "long_text", required=True),),
    ),
)

_REVIEW = (
    Kit(
        "documents_wanted",
        "Documents wanted",
        "Somebody is asked for documents, and told what was wrong with those they gave before.",
        accept_within=8 * HOUR,
        complete_within=40 * HOUR,
        context=(
            KitField("purpose", "What they are for", "long_text", required=True),
            KitField("needed_by", "Needed by", "date", required=True),
            KitField("findings", "What has to be put right", "long_text"),
        ),
        result=(KitField("remarks", "Remarks", "long_text"),),
        deliver=(KitSlot("documents", "Documents", True, limit=20),),
    ),
    Kit(
        "documents_reviewed",
        "Document review",
        "Documents are looked through, and accepted or given back with what has to be put right.",
        complete_within=16 * HOUR,
        context=(
            KitField("purpose", "What they are for", "long_text", required=True),
            KitField("needed_by", "Needed by", "date", required=True),
            KitField("remarks", "Remarks of who gave them", "long_text"),
        ),
        result=(
            KitField("verdict", "Verdict", "choice", True, choices=("Accepted", "To be put right")),
            KitField("findings", "Findings", "long_text", required=True),
        ),
        verify=(("read_all", "Every document read", True),),
        give=(KitSlot("documents", "Documents", True, limit=20),),
    ),
    Kit(
        "documents_filed",
        "Filing",
        "Accepted documents are put where they belong.",
        complete_within=16 * HOUR,
        context=(
            KitField("purpose", "What they are for", "long_text", required=True),
            KitField("findings", "Findings", "long_text", required=True),
        ),
        result=(KitField("filed_at", "Where they are", required=True),),
        give=(KitSlot("documents", "Documents", True, limit=20),),
    ),
)

_CHANGE = (
    Kit(
        "change_plan",
        "Change plan",
        "A wish for a change becomes a plan that can be decided on.",
        complete_within=16 * HOUR,
        context=(
            KitField("change", "What is to change", "long_text", required=True),
            KitField("reason", "Why", "long_text", required=True),
        ),
        result=(
            KitField("plan", "How it is done", "long_text", required=True),
            KitField("way_back", "The way back", "long_text", required=True),
            KitField("risk", "Risk", "choice", True, choices=("Low", "Medium", "High")),
            KitField("planned_at", "When", "date_time", required=True),
        ),
    ),
    Kit(
        "change_decision",
        "Change decision",
        "One of those who must agree decides on a planned change.",
        complete_within=8 * HOUR,
        context=(
            KitField("change", "What is to change", "long_text", required=True),
            KitField("plan", "How it is done", "long_text", required=True),
            KitField("way_back", "The way back", "long_text", required=True),
            KitField("risk", "Risk", "choice", True, choices=("Low", "Medium", "High")),
            KitField("planned_at", "When", "date_time", required=True),
        ),
        result=(
            KitField("decision", "Decision", "choice", True, choices=DECISIONS),
            KitField("grounds", "Grounds", "long_text", required=True),
        ),
    ),
    Kit(
        "change_made",
        "Change",
        "An approved change is made.",
        complete_within=16 * HOUR,
        context=(
            KitField("change", "What is to change", "long_text", required=True),
            KitField("plan", "How it is done", "long_text", required=True),
            KitField("way_back", "The way back", "long_text", required=True),
            KitField("planned_at", "When", "date_time", required=True),
        ),
        result=(
            KitField("outcome", "Outcome", "choice", True, choices=("Made", "Taken back")),
            KitField("report", "What happened", "long_text", required=True),
        ),
        verify=(("announced", "Announced to those concerned", True),),
    ),
    Kit(
        "change_told",
        "Change outcome",
        "Whoever wished for a change learns what became of it.",
        accept_within=8 * HOUR,
        context=(
            KitField("change", "What was to change", "long_text", required=True),
            KitField("grounds", "Grounds of the decision", "long_text", required=True),
            KitField("outcome", "Outcome", "choice", choices=("Made", "Taken back")),
            KitField("report", "What happened", "long_text"),
        ),
    ),
)

_INCIDENT = (
    Kit(
        "incident_shift",
        "Incident shift",
        "One shift works on an incident and writes down what the next one must know.",
        accept_within=HOUR / 2,
        complete_within=8 * HOUR,
        context=(
            KitField("incident", "What is wrong", "long_text", required=True),
            KitField("impact", "Impact", "choice", True, choices=("Low", "Serious", "Critical")),
            KitField("began_at", "Began", "date_time", required=True),
            KitField("findings", "Known so far", "long_text"),
            KitField("tried", "Tried so far", "long_text"),
            KitField("next_step", "What to do next", "long_text"),
        ),
        result=(
            KitField("resolved", "Is it resolved?", "yes_no", required=True),
            KitField("findings", "What is known", "long_text", required=True),
            KitField("tried", "What was tried", "long_text", required=True),
            KitField("next_step", "What to do next", "long_text", required=True),
        ),
    ),
    Kit(
        "incident_relay",
        "Incident relay",
        "The next shift acknowledges that it has the incident, before the last one goes home.",
        accept_within=HOUR / 4,
        context=(
            KitField("incident", "What is wrong", "long_text", required=True),
            KitField("impact", "Impact", "choice", True, choices=("Low", "Serious", "Critical")),
            KitField("findings", "What is known", "long_text", required=True),
            KitField("tried", "What was tried", "long_text", required=True),
            KitField("next_step", "What to do next", "long_text", required=True),
        ),
    ),
    Kit(
        "incident_review",
        "Incident review",
        "After an incident: what it was, and what keeps it from coming back.",
        complete_within=40 * HOUR,
        context=(
            KitField("incident", "What was wrong", "long_text", required=True),
            KitField("impact", "Impact", "choice", True, choices=("Low", "Serious", "Critical")),
            KitField("began_at", "Began", "date_time", required=True),
            KitField("findings", "What is known", "long_text", required=True),
            KitField("tried", "What was tried", "long_text", required=True),
            KitField("resolved", "Is it resolved?", "yes_no", required=True),
        ),
        result=(KitField("lessons", "Lessons", "long_text", required=True),),
    ),
)

_BILL = (
    KitField("supplier", "Supplier", required=True),
    KitField("amount", "Amount", "number", required=True),
    KitField("due_date", "Due", "date", required=True),
    KitField("cost_center", "Cost centre", required=True),
)
_INVOICE_FILE = ("application/pdf", "image/*")
_INVOICE = (
    Kit(
        "invoice_check",
        "Invoice check",
        "An invoice that came in is read, checked and coded.",
        complete_within=8 * HOUR,
        context=(
            KitField("supplier", "Supplier", required=True),
            KitField("received_on", "Received on", "date", required=True),
            KitField("grounds", "Why it came back", "long_text"),
        ),
        result=_BILL[1:],
        deliver=(KitSlot("invoice", "Invoice", True, _INVOICE_FILE, 1),),
        verify=(("ordered", "Compared with the order", True),),
    ),
    Kit(
        "invoice_decision",
        "Invoice decision",
        "Somebody decides whether an invoice is paid.",
        complete_within=8 * HOUR,
        context=_BILL,
        result=(
            KitField("decision", "Decision", "choice", True, choices=DECISIONS),
            KitField("grounds", "Grounds", "long_text", required=True),
        ),
        give=(KitSlot("invoice", "Invoice", True, _INVOICE_FILE, 1),),
    ),
    Kit(
        "invoice_payment",
        "Invoice payment",
        "An approved invoice is paid in time.",
        complete_within=16 * HOUR,
        context=_BILL,
        result=(
            KitField("paid_on", "Paid on", "date", required=True),
            KitField("payment", "Reference of the payment", required=True),
        ),
        give=(KitSlot("invoice", "Invoice", True, _INVOICE_FILE, 1),),
    ),
    Kit(
        "invoice_dispute",
        "Invoice dispute",
        "An invoice that is not paid is cleared up with its supplier.",
        complete_within=40 * HOUR,
        context=(*_BILL, KitField("grounds", "Why it is not paid", "long_text", required=True)),
        result=(KitField("agreed", "What was agreed", "long_text", required=True),),
    ),
)

FLOW_KITS: Sequence[Kit] = (*_ONBOARDING, *_REVIEW, *_CHANGE, *_INCIDENT, *_INVOICE)
