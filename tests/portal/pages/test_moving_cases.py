"""Running cases go on by a newer version of their flow: looked through first, moved where it is safe."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs.flows.document import written
from handoffs.models import Case, CaseEvent, FlowVersion
from tests.handoffs.flows.playing import begun, does, plan, put_in_force, step
from tests.portal.pages.conftest import Visit
from tests.world import World

OLD = (step("a"), step("b", "a", role="sales"))


@dataclass
class Moves:
    """A flow whose second version has a step more at its end and one more before “B”'s end."""

    world: World
    first: FlowVersion
    address: str

    def case(self, title: str, *, far: bool = False) -> Case:
        """One by the first version; `far` ones have come to what the second has something new before."""
        case = begun(self.world, self.first, title=title)
        if far:
            does(self.world, case, "a", self.world.ben)
        return case


@pytest.fixture
def moves(world: World) -> Moves:
    first = put_in_force(world, plan(*OLD))
    FlowVersion.objects.create(
        organization=world.organization,
        flow=first.flow,
        number=2,
        document=written(plan(step("a"), step("new", "a"), step("b", "new", role="sales"))),
        created_at=world.now,
        published_at=world.now,
    )
    return Moves(world, first, f"flows/{first.flow_id}/cases/move/")


def test_it_says_which_could_go_on_and_why_another_cannot(moves: Moves, visit: Visit) -> None:
    moves.case("Early")
    moves.case("Late", far=True)
    assert "2 running cases of older versions" in visit("olga").read(f"flows/{moves.first.flow_id}/")
    text = visit("olga").read(moves.address)
    assert "Can go on by version 2" in text
    assert "“New” is new and would come before “B”, which the case has come to already." in text
    assert Case.objects.filter(flow_version=moves.first).count() == 2, "looking changes nothing"


def test_those_that_are_ticked_are_moved_and_twice_is_once(moves: Moves, visit: Visit) -> None:
    early, other, late = moves.case("Early"), moves.case("Other"), moves.case("Late", far=True)
    sent, olga = [early.pk, late.pk], visit("olga")
    assert olga.post(moves.address, case=sent).status_code == 303
    told = olga.read(moves.address)
    assert "1 case goes on by version 2. 1 stayed as it was." in told
    assert "Other" in told
    assert olga.post(moves.address, case=sent).status_code == 303
    for case, number in ((early, 2), (other, 1), (late, 1)):
        case.refresh_from_db()
        assert case.flow_version.number == number, case.title
    assert CaseEvent.objects.filter(case=early, verb="move").count() == 1


def test_nothing_ticked_is_told(moves: Moves, visit: Visit) -> None:
    moves.case("Early")
    answer = visit("olga").post(moves.address)
    assert answer.status_code == 422
    assert "Choose at least one case." in answer.content.decode()


@pytest.mark.parametrize("sent", [["x"], ["99999999999999999999"], ["-1"]])
def test_what_is_no_case_here_is_no_fault(moves: Moves, visit: Visit, sent: list[str]) -> None:
    moves.case("Early")
    assert visit("olga").post(moves.address, case=sent).status_code == 303
    assert Case.objects.get().flow_version == moves.first


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_any_place_is_answered(moves: Moves, visit: Visit, after: str) -> None:
    assert visit("olga").get(f"{moves.address}?after={after}").status_code == 200


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_only_who_runs_the_organization_gets_there(moves: Moves, visit: Visit, name: str, status: int) -> None:
    case = moves.case("Early")
    assert visit(name).get(moves.address).status_code == status
    assert visit(name).post(moves.address, case=[case.pk]).status_code == status
    assert Case.objects.get().flow_version == moves.first


def test_another_method_is_refused(moves: Moves, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.client.put(olga.home + moves.address).status_code == 405


def test_more_cases_cost_no_more_queries(moves: Moves, visit: Visit) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert visit("olga").get(moves.address).status_code == 200
        return len(queries)

    moves.case("One")
    asked()
    one = asked()
    for number in range(4):
        moves.case(f"Early {number}")
        moves.case(f"Late {number}", far=True)
    assert asked() == one


def test_the_rest_is_on_the_next_page(moves: Moves, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.pages.flows.moving.SHOWN", 2)
    cases = [moves.case(f"Case number {number}") for number in range(3)]
    first = visit("olga").read(moves.address)
    assert f"?after={cases[1].pk}" in first
    assert "Case number 2" not in first
    assert "Case number 2" in visit("olga").read(f"{moves.address}?after={cases[1].pk}")
