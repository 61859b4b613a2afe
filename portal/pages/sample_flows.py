"""The flows of the styleguide: one that is under way, with each state in it, and one that is only planned."""

from datetime import timedelta

from handoffs.flows.conditions import parsed
from handoffs.flows.drawing import Drawing, Mark, drawn
from handoffs.flows.plan import Link, Pause, Plan, Role, Step, StepKind, WaitsFor

ROLES = tuple(Role(label.lower(), label) for label in ("Sales", "Onboarding", "Legal", "Finance", "Security", "Client"))
ONBOARDING = Plan(
    ROLES,
    (
        Step("signed", "Contract signed", receiver="sales"),
        Step(
            "intake",
            "Intake of the client",
            receiver="onboarding",
            after=(Link("signed"), Link("check", again_at_most=2)),
        ),
        Step("access", "Access and accounts", receiver="security", after=(Link("intake"),), internal=True),
        Step("papers", "Papers from the client", receiver="client", after=(Link("intake"),)),
        Step(
            "credit", "Credit check", receiver="finance", after=(Link("intake", parsed("intake.result.value > 50000")),)
        ),
        Step(
            "check",
            "Check that nothing is missing",
            receiver="legal",
            after=(Link("access"), Link("papers"), Link("credit")),
        ),
        Step(
            "pause",
            "Until the contract begins",
            StepKind.WAIT,
            after=(Link("check"),),
            pause=Pause(timedelta(hours=16)),
        ),
        Step("billing", "Billing set up", StepKind.CASE, after=(Link("check"),), flow="Billing"),
        Step("live", "Client is live", StepKind.MILESTONE, after=(Link("pause"), Link("billing"))),
    ),
)
STANDING = {
    "signed": Mark("done", "Ana Kask", "Done Monday", "#"),
    "intake": Mark("done", "Ben Okoye", "Done yesterday", "#", ("signed",), times=2),
    "access": Mark("live", "Security", "Offered, 2 h late", "#", ("intake",), is_late=True),
    "papers": Mark("live", "Alma Ortiz", "Accepted, due Friday", "#", ("intake",)),
    "credit": Mark("bypassed", "", "Not needed"),
    "check": Mark("to_come", "Legal", "Waits for 2 steps"),
    "pause": Mark("to_come", "", ""),
    "billing": Mark("skipped", "", "Skipped by Mo", ""),
    "live": Mark("to_come", "", ""),
}
APPROVAL = Plan(
    ROLES,
    (
        Step(
            "ask",
            "Describe the change",
            receiver="onboarding",
            after=(Link("decide", parsed('decide.result.decision = "Rejected"'), again_at_most=3),),
        ),
        Step("first", "First approval", receiver="security", after=(Link("ask"),)),
        Step("second", "Second approval", receiver="finance", after=(Link("ask"),)),
        Step("decide", "Decide", receiver="legal", waits_for=WaitsFor.ALL, after=(Link("first"), Link("second"))),
        Step(
            "make",
            "Make the change",
            receiver="onboarding",
            after=(Link("decide", parsed('decide.result.decision = "Approved"')),),
        ),
        Step("over", "Closed", StepKind.MILESTONE, WaitsFor.ANY, after=(Link("make"), Link("decide", otherwise=True))),
    ),
)


def flows() -> dict[str, Drawing]:
    """Both drawings, as the styleguide's template names them."""
    return {"case_drawing": drawn(ONBOARDING, STANDING), "flow_drawing": drawn(APPROVAL)}
