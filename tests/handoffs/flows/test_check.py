"""What publishing asks: each fault of an invoice's flow is named at its place; without a fault it has none."""

import time
from typing import Any

import pytest

from handoffs.flows import document
from handoffs.flows.check import Sight, dropped, problems
from handoffs.flows.facts import Facts, FieldFact, FlowFact, PeopleFact, SlotFact, TemplateFact

ANYWHERE = frozenset({"internal", "client"})
AMOUNT, DECISION = FieldFact("Amount", "number", required=True), ("Approved", "Rejected")
INTAKE = TemplateFact(
    context={"supplier": FieldFact("Supplier", required=True), "note": FieldFact("Note")},
    result={"amount": AMOUNT, "due": FieldFact("Due", "date", required=True), "order": FieldFact("Order")},
    delivers={"invoice": SlotFact("Invoice", required=True, accepts=("application/pdf",))},
)
APPROVAL = TemplateFact(
    context={"amount": AMOUNT, "supplier": FieldFact("Supplier", required=True), "order": FieldFact("Order")},
    result={
        "decision": FieldFact("Decision", "choice", required=True, choices=DECISION),
        "limit": FieldFact("Limit", "number"),
        "in_budget": FieldFact("In budget", "yes_no", required=True),
    },
    must_tick=("Looked through",),
)
PAYMENT = TemplateFact(
    context={"amount": AMOUNT, "account": FieldFact("Account", required=True)},
    gives={"invoice": SlotFact("Invoice", required=True, accepts=("application/pdf",))},
)
NOTE = TemplateFact(context={"amount": FieldFact("Amount", "number")})
FACTS = Facts(
    own="Invoices",
    templates={"Intake": INTAKE, "Approval": APPROVAL, "Payment": PAYMENT, "Note": NOTE},
    teams={
        "Sales": PeopleFact("Sales", receives_in=ANYWHERE),
        "Northwind": PeopleFact("Northwind", is_client=True, receives_in=frozenset({"client"})),
        "Old": PeopleFact("Old", why_not="the team is closed", receives_in=ANYWHERE),
        "Mute": PeopleFact("Mute"),
    },
    members={"ana@fjord.example": PeopleFact("Ana", receives_in=ANYWHERE, teams=frozenset({"Sales"}))},
    flows={
        "Audit": FlowFact(open=frozenset({"auditor"}), fixed=frozenset({"chief"})),
        "Round": FlowFact(reaches=frozenset({"Audit", "Invoices"})),
        "Asking": FlowFact(context={"why": FieldFact("Why", required=True), "amount": AMOUNT}),
    },
)


def step(key: str, template: str = "", **said: Any) -> dict[str, Any]:
    made = {"key": key, "label": key.capitalize(), "giver": "clerk", "receiver": "boss", "template": template}
    return made | {"after": [], **said}


def good() -> dict[str, Any]:
    """Intake, approval (rejected: intake again, twice at most), payment; a dispute when it stays rejected."""
    return {
        "roles": [{"key": "clerk", "label": "Clerk"}, {"key": "boss", "label": "Boss", "team": "Sales"}],
        "steps": [
            step(
                "intake", "Intake", receiver="clerk", after=[{"step": "approve", "again_at_most": 2, "when": REJECTED}]
            ),
            step("approve", "Approval", giver="clerk", after=[{"step": "intake"}]),
            step(
                "pay",
                "Payment",
                giver="boss",
                receiver="clerk",
                asks=["account"],
                documents=[{"step": "intake", "from_slot": "invoice", "slot": "invoice"}],
                after=[{"step": "approve", "when": 'approve.result.decision = "Approved"'}],
            ),
            step("dispute", "Note", giver="boss", receiver="clerk", after=[{"step": "approve", "otherwise": True}]),
        ],
    }


REJECTED = 'approve.result.decision = "Rejected"'


def found(sent: dict[str, Any], facts: Facts = FACTS) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in problems(document.read(sent), facts)]


def with_(path: str, value: Any) -> dict[str, Any]:
    """The good flow with one thing said differently."""
    sent: Any = good()
    *way, last = [int(part) if part.isdecimal() else part for part in path.split("/")]
    place = sent
    for part in way:
        place = place[part]
    if isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return sent


def test_a_flow_without_a_fault_has_none() -> None:
    assert found(good()) == []


WAITING = {"key": "wait", "label": "Wait", "kind": "wait", "after": [{"step": "approve", "otherwise": True}]}
FAULTS: dict[str, tuple[str, Any, str, str]] = {
    "an unknown step": ("steps/1/after/0/step", "x", "steps/1/after/0/step", "unknown_step"),
    "an unknown role": ("steps/1/receiver", "x", "steps/1/receiver", "unknown_role"),
    "an unknown template": ("steps/3/template", "X", "steps/3/template", "unknown_template"),
    "a circle without limit": ("steps/0/after/0", {"step": "approve"}, "steps/0/after/0", "cycle_without_limit"),
    "a limit on a way on": (
        "steps/3/after/0",
        {"step": "approve", "again_at_most": 1},
        "steps/3/after/0/again_at_most",
        "loop_leads_on",
    ),
    "otherwise with a condition": (
        "steps/3/after/0/when",
        REJECTED,
        "steps/3/after/0/otherwise",
        "otherwise",
    ),
    "the same link twice": ("steps/1/after/1", {"step": "intake"}, "steps/1/after/1", "link_twice"),
    "nothing follows a choice": ("steps/3/after/0", {"step": "intake"}, "steps/1", "dead_end"),
    "a condition that is never true": (
        "steps/2/after/0/when",
        'approve.result.decision = "Approved" and approve.result.decision = "Rejected"',
        "steps/2",
        "unreachable",
    ),
    "a word that is no choice": (
        "steps/2/after/0/when",
        'approve.result.decision = "Yes"',
        "steps/2/after/0/when",
        "cannot_compare",
    ),
    "a number against a choice": (
        "steps/2/after/0/when",
        "approve.result.decision > 3",
        "steps/2/after/0/when",
        "cannot_compare",
    ),
    "text against a number": (
        "steps/2/after/0/when",
        'intake.result.amount = "much"',
        "steps/2/after/0/when",
        "cannot_compare",
    ),
    "an unknown field": (
        "steps/2/after/0/when",
        'approve.result.mood = "good"',
        "steps/2/after/0/when",
        "unknown_field",
    ),
    "what is not known yet": (
        "steps/1/after/0/when",
        "pay.context.amount > 3",
        "steps/1/after/0/when",
        "not_known_yet",
    ),
    "a field that nobody fills": ("steps/2/asks", [], "steps/2/asks", "nobody_fills"),
    "a field that does not travel": ("steps/2/takes_all", False, "steps/2/asks", "nobody_fills"),
    "a field asked for that is none": ("steps/2/asks/1", "x", "steps/2/asks/1", "unknown_field"),
    "a value for no field": (
        "steps/2/takes",
        [{"field": "x", "source": "intake.result.amount"}],
        "steps/2/takes/0/field",
        "unknown_field",
    ),
    "a value from no field": (
        "steps/2/takes",
        [{"field": "amount", "source": "intake.result.x"}],
        "steps/2/takes/0/source",
        "unknown_field",
    ),
    "a value that never fits": (
        "steps/2/takes",
        [{"field": "amount", "source": "intake.result.due"}],
        "steps/2/takes/0/source",
        "does_not_fit",
    ),
    "a document that nobody gives": ("steps/2/documents", [], "steps/2/documents", "nobody_gives_document"),
    "a place for documents that is none": (
        "steps/2/documents/0/from_slot",
        "x",
        "steps/2/documents/0/from_slot",
        "unknown_slot",
    ),
    "an acknowledgment that must bring something": (
        "steps/1/done_on",
        "accept",
        "steps/1/done_on",
        "acknowledgment_needs_result",
    ),
    "a wait without a clock": ("steps/4", WAITING, "steps/4/pause", "wait_without_clock"),
    "a wait without hours": ("steps/4", WAITING | {"pause": {"lasts": "PT4H"}}, "steps/4/pause/hours_of", "no_hours"),
    "a wait until no date": (
        "steps/4",
        WAITING | {"pause": {"until": "intake.result.amount"}},
        "steps/4/pause/until",
        "not_a_date",
    ),
    "a wait with a template": ("steps/4", WAITING | {"template": "Note"}, "steps/4/template", "foreign_part"),
    "a step that nobody receives": (
        "steps/3",
        {"key": "dispute", "label": "Dispute", "after": [{"step": "approve", "otherwise": True}]},
        "steps/3/receiver",
        "no_receiver",
    ),
    "a team that is not there": ("roles/1/team", "X", "roles/1/team", "unknown_team"),
    "a team that is closed": ("roles/1/team", "Old", "roles/1/team", "role_without_people"),
    "a team that may not receive": ("roles/1/team", "Mute", "steps/1/receiver", "may_not_receive"),
    "a member who is not there": ("roles/1/member", "x@y.z", "roles/1/member", "unknown_member"),
    "a member of another team": (
        "roles/1",
        {"key": "boss", "label": "Boss", "team": "Northwind", "member": "ANA@fjord.example"},
        "roles/1/member",
        "member_not_in_team",
    ),
    "a role that nobody needs": ("roles/2", {"key": "x", "label": "X"}, "roles/2", "role_not_used"),
    "a flow that is not there": (
        "steps/4",
        {"key": "c", "label": "C", "kind": "case", "flow": "X", "after": [{"step": "pay"}]},
        "steps/4/flow",
        "unknown_flow",
    ),
    "a flow that is this one": (
        "steps/4",
        {"key": "c", "label": "C", "kind": "case", "flow": "Invoices", "after": [{"step": "pay"}]},
        "steps/4/flow",
        "leads_to_itself",
    ),
    "a flow that comes back to this one": (
        "steps/4",
        {"key": "c", "label": "C", "kind": "case", "flow": "Round", "after": [{"step": "pay"}]},
        "steps/4/flow",
        "leads_to_itself",
    ),
    "a role of another flow that nobody plays": (
        "steps/4",
        {"key": "c", "label": "C", "kind": "case", "flow": "Audit", "after": [{"step": "pay"}]},
        "steps/4/cast",
        "role_not_cast",
    ),
    "a role of another flow that it fills itself": (
        "steps/4",
        {
            "key": "c",
            "label": "C",
            "kind": "case",
            "flow": "Audit",
            "cast": {"auditor": "clerk", "chief": "boss"},
            "after": [{"step": "pay"}],
        },
        "steps/4/cast/chief",
        "role_is_fixed",
    ),
    "a field of another flow that nobody fills": (
        "steps/4",
        {"key": "c", "label": "C", "kind": "case", "flow": "Asking", "after": [{"step": "pay"}]},
        "steps/4/asks",
        "nobody_fills",
    ),
}


@pytest.mark.parametrize(("path", "said", "place", "code"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_named_at_its_place(path: str, said: Any, place: str, code: str) -> None:
    assert (place, code) in found(with_(path, said))


def test_a_case_step_that_is_told_what_it_needs_is_fine() -> None:
    asking = {"key": "c", "label": "C", "kind": "case", "flow": "Asking", "asks": ["why"], "after": [{"step": "pay"}]}
    assert found(with_("steps/4", asking)) == []


def test_two_conditions_that_cover_every_choice_need_no_otherwise() -> None:
    assert found(with_("steps/3/after/0", {"step": "approve", "when": REJECTED})) == []


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [
        ("intake.result.amount > 1000", "intake.result.amount <= 1000", True),
        ("intake.result.amount > 1000", "intake.result.amount < 1000", False),
        ("approve.result.in_budget = yes", "approve.result.in_budget = no", True),
        ("approve.result.limit > 5", "approve.result.limit <= 5", False),
        ("approve.result.limit > 5", "approve.result.limit <= 5 or approve.result.limit is empty", True),
        ("intake.result.due < 2026-12-01", "intake.result.due >= 2026-12-01", True),
        ('intake.result.order contains "x"', 'intake.result.order != "x"', False),
        (f"{REJECTED} or approve.result.in_budget = no", 'approve.result.decision = "Approved"', True),
    ],
)
def test_whether_conditions_cover_everything_is_worked_out(first: str, second: str, covered: bool) -> None:
    sent = with_("steps/2/after/0/when", first)
    sent["steps"][3]["after"] = [{"step": "approve", "when": second}]
    assert (("steps/1", "dead_end") in found(sent)) is not covered


def test_what_may_be_skipped_decides_nothing() -> None:
    sent = with_("steps/3/after/0", {"step": "approve", "when": REJECTED})
    sent["steps"][1]["may_skip"] = True
    assert found(sent) == [("steps/1", "dead_end")]
    assert "may be skipped" in problems(document.read(sent), FACTS)[0].sentence


def test_a_loop_at_the_end_needs_a_way_on() -> None:
    sent = good()
    sent["steps"] = sent["steps"][:2]
    assert found(sent) == [("steps/1", "loop_without_way_on")]


def test_an_otherwise_beside_a_way_that_is_always_open_is_a_warning() -> None:
    sent = with_("steps/4", step("more", "Note", after=[{"step": "approve"}]))
    assert found(sent) == [
        ("steps/3", "unreachable"),
    ]


BESIDE = {
    "any": ({"waits_for": "any"}, {}, True),
    "all": ({}, {}, False),
    "all, one of them with a condition": ({}, {"when": "intake.result.amount > 10"}, True),
    "all, one of them may be skipped": ({"may_skip": True}, {}, False),
}


@pytest.mark.parametrize(("joint", "condition", "unsure"), BESIDE.values(), ids=BESIDE)
def test_what_one_branch_finds_out_is_known_after_a_join_that_waits_for_it(
    joint: dict[str, Any], condition: dict[str, Any], unsure: bool
) -> None:
    sent = {
        "roles": good()["roles"],
        "steps": [
            step("intake", "Intake", receiver="clerk"),
            step("note", "Note", after=[{"step": "intake"}]),
            step("approve", "Approval", after=[{"step": "intake"} | condition]),
            step(
                "tell",
                "Ask",
                takes=[{"field": "decided", "source": "approve.result.decision"}],
                after=[{"step": "note"}, {"step": "approve"}],
                **joint,
            ),
        ],
    }
    asking = TemplateFact(context={"decided": FieldFact("Decided", required=True)})
    facts = Facts(templates={**FACTS.templates, "Ask": asking}, teams=FACTS.teams)
    assert (("steps/3/asks", "nobody_fills") in found(sent, facts)) is unsure


def test_a_condition_that_leads_here_makes_sure_of_what_it_looked_at() -> None:
    sent = with_("steps/2/after/0/when", "approve.result.limit >= 100")
    sent["steps"][3]["after"] = [
        {"step": "approve", "when": "approve.result.limit is empty or approve.result.limit < 100"}
    ]
    sent["steps"][2]["takes"] = [{"field": "amount", "source": "approve.result.limit"}]
    sent["steps"][2]["takes_all"] = False
    assert found(sent) == []
    sent["steps"][2]["after"] = [{"step": "approve"}]
    assert ("steps/2/asks", "nobody_fills") in found(sent)


def test_what_was_sure_on_the_way_on_may_not_be_on_the_way_back() -> None:
    """Payment follows a limit; the dispute, which comes when there is none, may send the case into payment too."""
    sent = with_("steps/2/after/0/when", "approve.result.limit >= 100")
    sent["steps"][2]["takes"] = [{"field": "amount", "source": "approve.result.limit"}]
    sent["steps"][2]["takes_all"] = False
    sent["steps"][3] |= {"template": "Approval", "after": [{"step": "approve", "otherwise": True}, {"step": "pay"}]}
    sent["steps"][3]["waits_for"] = "any"
    sent["steps"].append(step("end", "Note", after=[{"step": "dispute"}]))
    assert found(sent) == []
    sent["steps"][2]["after"].append({"step": "dispute", "again_at_most": 1, "when": "dispute.result.in_budget = no"})
    assert found(sent) == [("steps/2/asks", "nobody_fills")]


def test_nobody_can_be_asked_after_a_wait() -> None:
    waiting = {"kind": "wait", "pause": {"lasts": "PT1H", "hours_of": "clerk"}}
    sent = with_("steps/4", {"key": "w", "label": "W", **waiting, "after": [{"step": "pay"}]})
    sent["steps"].append(step("again", "Approval", after=[{"step": "w"}]))
    assert found(sent) == [("steps/5/template", "nobody_ticks")]
    sent["steps"][5] = step("again", "Asked", after=[{"step": "w"}], asks=["x"])
    asked = TemplateFact(context={"x": FieldFact("X", required=True)})
    facts = Facts(own="Invoices", templates={**FACTS.templates, "Asked": asked}, teams=FACTS.teams)
    assert found(sent, facts) == [("steps/5/asks", "nobody_fills")]


def test_what_is_ours_does_not_reach_a_client_unless_named() -> None:
    sent = with_("steps/0/internal", True)
    assert ("steps/1/asks", "nobody_fills") in found(sent)
    assert ("steps/1/takes", "dropped") in found(sent)
    sent["steps"][1]["takes"] = [
        {"field": "amount", "source": "intake.result.amount"},
        {"field": "supplier", "source": "intake.context.supplier"},
        {"field": "order", "source": "intake.result.order"},
    ]
    assert [place for place, _ in found(sent) if place.startswith("steps/1")] == []


def test_a_client_takes_no_internal_step() -> None:
    sent = with_("steps/1/internal", True)
    sent["roles"][1]["team"] = "Northwind"
    assert ("steps/1/receiver", "client_inside") in found(sent)


def test_what_is_dropped_is_told_with_where_it_was_known() -> None:
    sent = with_("steps/3/takes_all", False)
    plan = document.read(sent)
    lost = dropped(Sight(plan, FACTS), plan.by_key["dispute"])
    assert [(each.field, each.source) for each in lost] == [("amount", "approve.context.amount")]
    assert found(sent) == [("steps/3/takes", "dropped")]


def test_problems_come_in_the_order_of_the_document_and_with_sentences() -> None:
    sent = with_("steps/3/template", "X")
    sent["roles"][1]["team"] = "X"
    sent["steps"][1]["receiver"] = "x"
    listed = problems(document.read(sent), FACTS)
    assert [problem.place.split("/")[0] for problem in listed] == sorted(p.place.split("/")[0] for p in listed)
    assert all(problem.sentence.endswith(".") for problem in listed)


def test_two_hundred_steps_are_judged_in_a_moment() -> None:
    steps = [step("s0", "Intake")]
    for number in range(1, 200):
        after = [{"step": f"s{back}"} for back in range(max(0, number - 3), number)]
        steps.append(step(f"s{number}", "Note", after=after))
    steps[0]["after"] = [{"step": "s198", "when": "s0.result.amount > 3", "again_at_most": 3}]
    plan = document.read({"roles": good()["roles"], "steps": steps})
    begun = time.perf_counter()
    assert problems(plan, FACTS) == []
    assert time.perf_counter() - begun < 3
