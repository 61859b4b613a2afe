"""The verbs of a case from their buttons, and completing a step: what happens next is said before it does."""

from typing import Any

import pytest

from handoffs.actions import accept
from handoffs.models import Case, Turn
from tests.onboarding import INTAKE, completed, does, intake_done, launched, live
from tests.portal.pages.conftest import Visit
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    """Taking on Northwind, the intake done: the client and Support are asked next."""
    made = launched(world)
    intake_done(world, made)
    return made


def verb(case: Case, name: str) -> str:
    return f"cases/{case.reference}/{name}/"


def state_of(case: Case, step: str) -> str:
    return str(Turn.objects.get(case=case, step=step, undone_at=None).state)


def test_the_buttons_are_those_that_the_reader_may_use(case: Case, world: World, visit: Visit) -> None:
    assert "Cancel the case" in visit("ana").read(f"cases/{case.reference}/")
    assert "Skip a step" in visit("olga").read(f"cases/{case.reference}/")
    assert "Cancel the case" not in visit("max").read(f"cases/{case.reference}/")
    client = visit("cleo").read(f"cases/{case.reference}/")
    assert "Cancel the case" not in client
    assert "Send back" in client


def test_a_step_is_skipped_with_a_reason(case: Case, world: World, visit: Visit) -> None:
    ana = visit("ana")
    assert "Secret accounts" in ana.read(verb(case, "skip"))
    assert ana.post(verb(case, "skip"), step="access", reason="").status_code == 422
    assert ana.post(verb(case, "skip"), step="access", reason="They have accounts").status_code == 303
    assert state_of(case, "access") == "skipped"
    assert ana.post(verb(case, "skip"), step="papers", reason="No").status_code == 422
    assert "Ana skipped “Secret accounts”: They have accounts" in ana.read(f"cases/{case.reference}/")


def test_a_case_goes_back_to_an_earlier_step(case: Case, world: World, visit: Visit) -> None:
    words = {
        "at_step": "papers",
        "to_step": "intake",
        "reason_code": "wrong_information",
        "reason": "The amount is wrong",
    }
    carl = visit("carl")
    assert "Intake" in carl.read(verb(case, "send_back"))
    answer = carl.post(verb(case, "send_back"), **words)
    assert answer.status_code == 303, answer.content.decode()
    assert state_of(case, "intake") == "live"
    assert carl.post(verb(case, "send_back"), **words).status_code == 422  # nothing of it is his now


def test_a_role_is_given_to_others(case: Case, world: World, visit: Visit) -> None:
    ana, team = visit("ana"), world.team("Onboarding")
    words = {"role": "sales", "receiver": f"{team.id}", "reason": "Sales is at a fair"}
    assert ana.post(verb(case, "reassign"), **words).status_code == 303
    assert case.castings.get(role="sales").team == team
    assert ana.post(verb(case, "reassign"), **(words | {"role": "nobody"})).status_code == 422
    assert ana.post(verb(case, "reassign"), **(words | {"receiver": "999999"})).status_code == 422


def test_the_case_as_a_whole_goes_to_one_person(case: Case, world: World, visit: Visit) -> None:
    ana, team = visit("ana"), world.team("Onboarding")
    assert "The case as a whole, for which Ana answers" in ana.read(verb(case, "reassign"))
    words = {"role": "*", "reason": "I am away"}
    refused = ana.post(verb(case, "reassign"), **words, receiver=f"{team.id}")
    assert refused.status_code == 422
    assert "A team cannot answer for a case: choose one person." in refused.content.decode()
    for _ in range(2):
        assert ana.post(verb(case, "reassign"), **words, receiver=f"{team.id}.{world.lea.id}").status_code in (303, 403)
    case.refresh_from_db()
    assert case.owner == world.lea
    assert "Lea answers for it" in visit("lea").read(f"cases/{case.reference}/")


def test_a_step_is_added_to_this_case_alone(case: Case, world: World, visit: Visit) -> None:
    ana = visit("ana")
    words: dict[str, Any] = {"label": "Legal look", "receiver": "sales", "after": ["papers"], "before": ["check"]}
    assert ana.post(verb(case, "add_step"), **words, reason="A large one").status_code == 303
    assert "Legal look" in ana.read(f"cases/{case.reference}/")
    assert ana.post(verb(case, "add_step"), **(words | {"after": []}), reason="Once more").status_code == 422


def test_a_case_is_cancelled_twice_and_says_why(case: Case, world: World, visit: Visit) -> None:
    ana = visit("ana")
    for _ in range(2):
        assert ana.post(verb(case, "cancel"), reason="They went elsewhere").status_code == 303
    case.refresh_from_db()
    assert case.state == "cancelled"
    page = ana.read(f"cases/{case.reference}/")
    assert "They went elsewhere" in page
    assert "Cancel the case" not in page
    assert ana.get(verb(case, "skip")).status_code == 409


@pytest.mark.parametrize("name", ["skip", "reassign", "add_step", "cancel"])
def test_who_may_not_is_told_so(name: str, case: Case, world: World, visit: Visit) -> None:
    words = {
        "step": "access",
        "role": "sales",
        "receiver": f"{world.team('Sales').id}",
        "label": "More",
        "after": ["papers"],
        "reason": "Because",
    }
    if name == "add_step":
        words["receiver"] = "sales"
    for colleague in ("max", "cleo"):
        assert visit(colleague).get(verb(case, name)).status_code == 403
        assert visit(colleague).post(verb(case, name), **words).status_code in (403, 422)
    assert visit("stan").get(verb(case, name)).status_code == 404
    assert visit("nils").post(verb(case, name), **words).status_code == 404
    case.refresh_from_db()
    assert case.state == "running"


def test_what_is_no_verb_is_404(case: Case, visit: Visit) -> None:
    for name in ("explode", "launch", "advance", "wake", "move", "reopen"):
        assert visit("ana").get(verb(case, name)).status_code == 404


def test_completing_says_who_gets_what_and_asks_for_it(world: World, visit: Visit) -> None:
    case = launched(world)
    intake = accept(live(case, "intake"), by=world.ben, at=world.later(minutes=1))
    ben, address = visit("ben"), f"handoffs/{intake.reference}/complete/"
    page = ben.read(address)
    for words in ("What happens next", "is offered to Northwind", "is offered to Support", "Remark for who does it"):
        assert words in page, words
    result = {f"result-{key}": value for key, value in INTAKE.items()}
    first = ben.post(address, **result)
    assert (first.status_code, state_of(case, "intake")) == (200, "live")
    assert "48000" in first.content.decode()
    answer = ben.post(address, **result, seen="papers,access", **{"next:access-remark": "With care"})
    assert answer.status_code == 303
    assert live(case, "access").context["remark"] == "With care"


def test_where_the_result_decides_the_next_steps_come_second(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    does(world, case, "papers", world.cleo)
    does(world, case, "access", world.sam)
    check = accept(live(case, "check"), by=world.max, at=world.later(minutes=1))
    visitor, address = visit("max"), f"handoffs/{check.reference}/complete/"
    assert "depends on the result" in visitor.read(address)
    answer = visitor.post(address, **{"result-decision": "Rejected"})
    page = answer.content.decode()
    assert (answer.status_code, state_of(case, "check")) == (200, "live")
    assert "is offered to Onboarding" in page
    words = {"result-decision": "Rejected", "seen": "intake", "next:intake-wish": "To begin in January"}
    assert visitor.post(address, **words).status_code == 303
    assert live(case, "intake").context["wish"] == "To begin in January"


def test_the_last_step_offers_nothing_more(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    does(world, case, "papers", world.cleo)
    does(world, case, "access", world.sam)
    check = accept(live(case, "check"), by=world.max, at=world.later(minutes=1))
    answer = visit("max").post(f"handoffs/{check.reference}/complete/", **{"result-decision": "Approved"})
    assert answer.status_code == 303
    case.refresh_from_db()
    assert case.state == "completed"


def test_a_client_completes_without_hearing_of_ours(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    papers = accept(live(case, "papers"), by=world.carl, at=world.later(minutes=1))
    page = visit("carl").read(f"handoffs/{papers.reference}/complete/")
    assert "Secret accounts" not in page
    assert "Support" not in page


def test_a_completed_case_has_no_verbs(world: World, visit: Visit) -> None:
    case = completed(world, launched(world))
    assert "Cancel the case" not in visit("ana").read(f"cases/{case.reference}/")
    assert visit("ana").post(f"cases/{case.reference}/cancel/", reason="Late").status_code == 409
