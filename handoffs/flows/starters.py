"""Starter flows: processes that work from the first day, as plain data. Their templates are named by the kit's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class Starter:
    """One starter flow. In `document` a step's template is the key of a kit; no role is fixed."""

    key: str
    name: str
    description: str
    document: Data

    @property
    def kits(self) -> frozenset[str]:
        """The kits whose templates it uses."""
        return frozenset(step["template"] for step in self.document["steps"] if "template" in step)


def _role(key: str, label: str) -> Data:
    return {"key": key, "label": label}


def _step(key: str, label: str, kit: str, giver: str, receiver: str, *after: Data, **more: Any) -> Data:
    named = {"key": key, "label": label, "template": kit, "giver": giver, "receiver": receiver}
    return named | ({"after": list(after)} if after else {}) | more


def _after(step: str, when: str = "", **more: Any) -> Data:
    return {"step": step} | ({"when": when} if when else {}) | more


def _documents(step: str, slot: str) -> list[Data]:
    return [{"step": step, "from_slot": slot, "slot": slot}]


CLIENT_ONBOARDING = Starter(
    "client_onboarding",
    "Client onboarding",
    "From the signature to the first day: what was promised, what the client brings, set-up, welcome, and into care.",
    {
        "roles": [
            _role("sales", "Sales"),
            _role("onboarding", "Onboarding"),
            _role("client", "Client"),
            _role("care", "Client care"),
        ],
        "steps": [
            _step("signed", "Take over the signed client", "signed_client", "sales", "onboarding"),
            _step(
                "collect",
                "Collect documents",
                "documents_wanted",
                "onboarding",
                "client",
                _after("signed", "signed.result.needs_documents = yes"),
                takes=[{"field": "needed_by", "source": "signed.context.start_date"}],
                asks=["purpose"],
            ),
            _step(
                "set_up",
                "Set up the account",
                "account_setup",
                "onboarding",
                "onboarding",
                _after("collect"),
                _after("signed", otherwise=True),
                documents=[{"step": "collect"}],
            ),
            _step(
                "welcome",
                "Welcome the client",
                "welcome",
                "onboarding",
                "client",
                _after("set_up"),
                done_on="accept",
                asks=["kickoff_at"],
            ),
            {
                "key": "first_day",
                "label": "The first day",
                "kind": "wait",
                "after": [_after("welcome")],
                "pause": {"until": "signed.context.start_date", "hours_of": "care"},
            },
            _step("into_care", "Take into care", "into_care", "onboarding", "care", _after("first_day"), internal=True),
        ],
    },
)

DOCUMENT_REVIEW = Starter(
    "document_review",
    "Document request and review",
    "Documents are asked for, delivered and reviewed; what has to be put right goes back, three times at most.",
    {
        "roles": [_role("requester", "Requester"), _role("provider", "Provider"), _role("reviewer", "Reviewer")],
        "steps": [
            _step(
                "request",
                "Request documents",
                "documents_wanted",
                "requester",
                "provider",
                _after("review", 'review.result.verdict = "To be put right"', again_at_most=3),
            ),
            _step(
                "review",
                "Review documents",
                "documents_reviewed",
                "provider",
                "reviewer",
                _after("request"),
                documents=_documents("request", "documents"),
            ),
            _step(
                "file",
                "File documents",
                "documents_filed",
                "reviewer",
                "requester",
                _after("review", 'review.result.verdict = "Accepted"'),
                documents=_documents("request", "documents"),
            ),
            _step(
                "settle",
                "Settle what stays open",
                "plain",
                "reviewer",
                "requester",
                _after("review", otherwise=True),
                takes=[{"field": "expected", "source": "review.result.findings"}],
            ),
        ],
    },
)

_BOTH = 'technical.result.decision = "Approved" and business.result.decision = "Approved"'
CHANGE_APPROVAL = Starter(
    "change_approval",
    "Change approval",
    "A change is planned, two people decide on it side by side, and it is made when both agree.",
    {
        "roles": [
            _role("requester", "Requester"),
            _role("engineer", "Engineer"),
            _role("technical", "Technical approver"),
            _role("business", "Business approver"),
        ],
        "steps": [
            _step("plan", "Plan the change", "change_plan", "requester", "engineer"),
            _step("technical", "Decide: technical", "change_decision", "engineer", "technical", _after("plan")),
            _step("business", "Decide: business", "change_decision", "engineer", "business", _after("plan")),
            {
                "key": "decided",
                "label": "Both have decided",
                "kind": "milestone",
                "after": [_after("technical"), _after("business")],
            },
            _step("make", "Make the change", "change_made", "business", "engineer", _after("decided", _BOTH)),
            _step(
                "tell",
                "Tell what became of it",
                "change_told",
                "engineer",
                "requester",
                _after("make"),
                _after("decided", otherwise=True),
                done_on="accept",
            ),
        ],
    },
)


def _shift(key: str, label: str, giver: str, *after: Data) -> Data:
    return _step(f"work_{key}", f"Work on it: {label}", "incident_shift", giver, key, *after)


def _relay(key: str, label: str, giver: str) -> Data:
    after = _after(f"work_{giver}", f"work_{giver}.result.resolved = no")
    return _step(f"relay_{key}", f"Relay to {label}", "incident_relay", giver, key, after, done_on="accept")


INCIDENT_HANDOVER = Starter(
    "incident_handover",
    "Incident hand-over",
    "An open incident follows the sun: each shift acknowledges it before the last one goes home, until it is resolved.",
    {
        "roles": [
            _role("asia", "Shift in Asia"),
            _role("europe", "Shift in Europe"),
            _role("america", "Shift in America"),
            _role("manager", "Incident manager"),
        ],
        "steps": [
            _shift(
                "asia",
                "Asia",
                "manager",
                _after("work_america", "work_america.result.resolved = no", again_at_most=5),
            ),
            _relay("europe", "Europe", "asia"),
            _shift("europe", "Europe", "asia", _after("relay_europe")),
            _relay("america", "America", "europe"),
            _shift("america", "America", "europe", _after("relay_america")),
            _step(
                "review",
                "Review the incident",
                "incident_review",
                "manager",
                "manager",
                _after("work_asia", otherwise=True),
                _after("work_europe", otherwise=True),
                _after("work_america"),
            ),
        ],
    },
)

_SMALL = 'approve.result.decision = "Approved" and check.result.amount <= 10000'
_LARGE = 'approve.result.decision = "Approved" and check.result.amount > 10000'
INVOICE_APPROVAL = Starter(
    "invoice_approval",
    "Invoice approval",
    "An invoice is checked, approved and paid; a large one twice. Rejected, it is checked again, twice at most.",
    {
        "roles": [
            _role("clerk", "Invoice clerk"),
            _role("approver", "Approver"),
            _role("director", "Director"),
            _role("payer", "Payments"),
        ],
        "steps": [
            _step(
                "check",
                "Check the invoice",
                "invoice_check",
                "clerk",
                "clerk",
                _after("approve", 'approve.result.decision = "Rejected"', again_at_most=2),
            ),
            _step(
                "approve",
                "Approve the invoice",
                "invoice_decision",
                "clerk",
                "approver",
                _after("check"),
                documents=_documents("check", "invoice"),
            ),
            _step(
                "approve_large",
                "Approve the large invoice",
                "invoice_decision",
                "approver",
                "director",
                _after("approve", _LARGE),
                documents=_documents("check", "invoice"),
            ),
            _step(
                "pay",
                "Pay the invoice",
                "invoice_payment",
                "approver",
                "payer",
                _after("approve", _SMALL),
                _after("approve_large", 'approve_large.result.decision = "Approved"'),
                documents=_documents("check", "invoice"),
            ),
            _step(
                "dispute",
                "Clear it up with the supplier",
                "invoice_dispute",
                "approver",
                "clerk",
                _after("approve", otherwise=True),
                _after("approve_large", otherwise=True),
                documents=[{"step": "check"}],
            ),
        ],
    },
)

STARTERS: Sequence[Starter] = (
    CLIENT_ONBOARDING,
    DOCUMENT_REVIEW,
    CHANGE_APPROVAL,
    INCIDENT_HANDOVER,
    INVOICE_APPROVAL,
)
