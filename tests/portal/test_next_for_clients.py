"""What a client reads on completing a step: what comes next of theirs, and never a word of a later step of ours."""

from dataclasses import replace

import pytest

from handoffs.actions import accept
from handoffs.actions.cases import next_of
from handoffs.flows.plan import Link, Plan, Step, Take
from handoffs.models import Case
from tests.onboarding import PLAN, SECRET, does, install, intake_done, launched, live
from tests.portal.api.conftest import Call, call  # noqa: F401
from tests.portal.pages.conftest import Visit, visit  # noqa: F401
from tests.world import World

HIDDEN = (SECRET, "Secret accounts", "Secret books", "books", "access", "Support", "Projects", "Remark")


def plan() -> Plan:
    """After the check two steps take the client's paper: one that the client sees, and the books, which are ours."""
    paper = Take("remark", "papers.result.paper")
    seen = Step("file", "Filing", after=(Link("check"),), template="Papers", receiver="sales", giver="sales")
    books = replace(seen, key="books", label="Secret books", receiver="support", internal=True, takes=(paper,))
    check = replace(PLAN.by_key["check"], after=(Link("papers"), Link("access", None)))
    steps = [check if step.key == "check" else step for step in PLAN.steps]
    return Plan(PLAN.roles, (*steps, replace(seen, takes=(paper,)), books))


@pytest.fixture
def case(world: World) -> Case:
    """Cleo has her step in hand, the last before the check."""
    case = launched(world, install(world, plan()))
    intake_done(world, case)
    does(world, case, "access", world.sam)
    accept(live(case, "papers"), by=world.cleo, at=world.later(minutes=31))
    return case


def test_a_colleague_is_told_what_both_later_steps_will_lack(case: Case, world: World) -> None:
    (check,) = next_of(live(case, "papers"), by=world.ana, at=world.later(minutes=32))
    assert {dropped.needed_by for dropped in check.dropped} >= {"Filing", "Secret books"}


def test_a_client_is_told_of_theirs_alone(case: Case, world: World) -> None:
    (check,) = next_of(live(case, "papers"), by=world.cleo, at=world.later(minutes=32))
    assert {dropped.needed_by for dropped in check.dropped} == {"Filing"}
    for hidden in HIDDEN:
        assert hidden not in repr([check.dropped, check.origins, check.missing, check.asks, check.values]), hidden


def test_the_page_names_no_later_step_of_ours(case: Case, world: World, visit: Visit) -> None:  # noqa: F811
    cleo, address = visit("cleo"), f"handoffs/{live(case, 'papers').reference}/complete/"
    asked = cleo.read(address)
    told = cleo.post(address)  # once more, with what is about to be dropped
    for page in (asked, told.content.decode()):
        for hidden in HIDDEN:
            assert hidden not in page, hidden
    assert "“Filing” will need “Which paper”" in asked + told.content.decode()


def test_the_api_names_no_later_step_of_ours(case: Case, world: World, call: Call) -> None:  # noqa: F811
    cleo, address = call(world.cleo), f"handoffs/{live(case, 'papers').reference}"
    answers = [
        cleo.post(f"{address}/complete", {"given": {"anything": {"remark": "x"}}}),
        cleo.get(f"{address}/"),
        cleo.get(f"cases/{case.reference}/"),
        cleo.get(f"cases/{case.reference}/timeline/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    for answer in answers:
        for hidden in HIDDEN:
            assert hidden not in answer.content.decode(), (hidden, answer.content.decode())
