"""Random flows, gone through by several people at once: every case ends where the plain model says, nobody is left."""

from collections.abc import Iterator
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handoffs.flows.plan import Plan
from handoffs.flows.verify import case_faults
from handoffs.ledger.verify import faults
from handoffs.models import Case, CaseEvent, Custody, Handoff, Turn
from tenants.models import Organization
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.handoffs.flows.arena import finish, go, launched, result_of
from tests.handoffs.flows.plain_case import PlainCase
from tests.handoffs.flows.some import install_work, plans
from tests.world import World, build

_number = count(1)
ACTS = 15  # of each of the three who go for a case at once


@pytest.fixture(scope="module")
def arena(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    """Committed rows in a database apart: threads cannot see an open transaction's."""
    with django_db_blocker.unblock(), database_apart("cases"):
        organization = build("cases")
        with scope(organization):
            install_work(World(organization))
        yield organization


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("examples", [8, pytest.param(150, marks=pytest.mark.long)])
def test_every_case_ends_where_the_plain_model_says(arena: Organization, examples: int) -> None:
    told: dict[str, int] = {}

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # threads come in another order each time: there is nothing to shrink
        suppress_health_check=list(HealthCheck),
    )
    @given(plan=plans(), seed=st.integers(0, 10**6))
    def any_flow(plan: Plan, seed: int) -> None:
        case = launched(arena, plan, f"Any {next(_number)}")
        went = go(arena, case, seed, ACTS)
        assert went.unexpected == []
        as_the_model_has_it(arena, case, plan)
        finish(arena, case)
        as_the_model_has_it(arena, case, plan)
        for word in [*went.done, *went.refused]:
            told[word] = told.get(word, 0) + 1

    any_flow()
    # Threads come in another order each time: a dozen cases do not always come to everything.
    everything = {"complete", "send_back", "reopen", "skip", "return"}
    assert len(everything & told.keys()) >= (len(everything) if examples > 100 else 3), told
    with scope(arena):
        assert list(faults(arena.id)) == []
        assert list(case_faults(arena.id)) == []


def as_the_model_has_it(organization: Organization, case: Case, plan: Plan) -> None:
    """What the case's ledger tells leads the plain model to where the case stands; custody never lapsed on the way."""
    with scope(organization):
        case.refresh_from_db()
        turns = list(Turn.objects.filter(case=case).select_related("handoff").order_by("id"))
        model = retold(case, plan, turns)
        if case.state == "cancelled":
            assert model.cancelled
            assert all(turn.state != "live" for turn in turns)
        else:
            assert {t.step: str(t.state) for t in turns if t.undone_at is None} == model.now
            assert (case.state == "completed") is model.is_over
        assert {step: max(t.number for t in turns if t.step == step) for step in model.times} == model.times
        for turn in turns:
            if turn.handoff is not None:
                assert turn.handoff.is_live is (turn.state == "live"), turn
                held_throughout(turn.handoff)


def retold(case: Case, plan: Plan, turns: list[Turn]) -> PlainCase:
    """The plain model after all that the case's ledger tells, each event with exactly the successors the model has."""
    model = PlainCase(plan)
    handoffs = {turn.handoff_id: turn.handoff for turn in turns}
    at: dict[str, Handoff | None] = {}
    for event in CaseEvent.objects.filter(case=case).order_by("seq"):
        facts, before = event.facts, dict(model.times)
        match event.verb:
            case "advance" | "wake":
                doer = at.get(facts["step"])
                model.does(facts["step"], result_of(doer) if doer is not None else {})
            case "skip":
                model.skips(facts["step"])
            case "send_back":
                model.goes_back_to(facts["to_step"])
            case "reopen":
                model.goes_back_to(facts["step"])
            case "cancel":
                model.ends()
        came = {step for step, times in model.times.items() if times > before.get(step, 0)}
        if event.verb == "launch":
            came = set(model.times)
        said = {each["step"] for kind in ("entered", "passed", "bypassed") for each in facts.get(kind, ())}
        assert said == came, (event.verb, facts, came)
        for entered in facts.get("entered", ()):
            at[entered["step"]] = handoffs.get(entered.get("handoff"))
    return model


def held_throughout(handoff: Handoff) -> None:
    """At every instant of its life exactly one answered for it."""
    rows = list(Custody.objects.filter(handoff=handoff).order_by("seq"))
    assert [row.ended_at is None for row in rows] == [False] * (len(rows) - 1) + [handoff.is_live]
    assert handoff.custodian_id == (rows[-1].holder_id if handoff.is_live else None)
    for former, row in pairwise(rows):
        assert former.ended_at == row.started_at or (row.resumes and former.closed)
