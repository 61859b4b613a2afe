"""A flow played on a virtual clock: the same engine, everything it would make, and nothing of it kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from handoffs.actions.flows import create_flow, install_starters
from handoffs.flows.starters import STARTERS
from handoffs.lifecycle import State
from handoffs.models import FlowVersion
from handoffs.sandbox import NEVER, Script, StepScript, play
from tenants.refusals import Forbidden, Refusal
from tests.portal.pages.flows import REVIEW, review
from tests.world import MONDAY, World


def rows() -> dict[str, str]:
    """Everything in the database: how many rows each table has, and what they say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = str(cursor.fetchone())
    return found


@contextmanager
def no_trace() -> Iterator[None]:
    before = rows()
    yield
    assert rows() == before
    assert mail.outbox == []


def played(world: World, version: FlowVersion, steps: dict[str, StepScript] | None = None, **given: Any) -> Any:
    words = {"workspace": world.projects, "script": Script(steps or {}), "at": MONDAY, **given}
    with no_trace():
        return play(version, by=world.olga, **words)


REJECTED, APPROVED = {"decision": "Rejected"}, {"decision": "Approved"}


def said(found: Any, kind: str) -> list[str]:
    return [entry.sentence for entry in found.entries if entry.kind == kind]


def states(found: Any) -> dict[str, str]:
    return {box.key: box.state for box in found.drawing.boxes}


def test_a_draft_is_played_to_its_end_and_nothing_is_kept(world: World) -> None:
    found = played(world, review(world))
    assert found.is_over
    assert list(found.problems) == []
    told = {(entry.kind, entry.step) for entry in found.entries}
    assert {("offer", "Check it"), ("complete", "Pay it")} <= told
    assert found.offers == 2
    assert found.refusals == []
    assert timedelta() < found.working < found.raw
    assert states(found) == {"check": "done", "pay": "done", "over": "done"}


def test_the_script_decides_which_way_it_goes(world: World) -> None:
    found = played(world, review(world), {"check": StepScript(results=[REJECTED])})
    assert found.is_over
    assert states(found) == {"check": "done", "pay": "bypassed", "over": "done"}


def test_every_notice_and_mail_is_told_with_its_words(world: World) -> None:
    found = played(world, review(world))
    (offered,) = [entry for entry in found.entries if entry.kind == "offer" and entry.step == "Check it"]
    ways = {told.way: told for told in offered.told}
    assert ways["notice"].names == ["Ben", "Bo", "Lea"]
    assert ways["mail"].names == ["Ben", "Bo", "Lea"]
    assert "HO-1" in ways["mail"].subject + ways["mail"].text
    assert "Check it" in ways["mail"].text
    assert "HO-1000" not in str(found.entries)  # no number of those that others take


def test_a_promise_that_is_broken_raises_the_alarms_of_its_ladder(world: World) -> None:
    found = played(world, review(world), {"check": StepScript(accepts=2.0)})
    assert found.is_over
    assert found.alarms >= 2
    assert any("is over for Onboarding" in sentence for sentence in said(found, "escalate"))
    assert all(entry.told for entry in found.entries if entry.kind == "escalate")


def test_what_nobody_goes_on_with_stays_open_and_says_so(world: World) -> None:
    found = played(world, review(world), {"check": StepScript(accepts=NEVER)})
    assert not found.is_over
    assert states(found)["check"] == "live"
    found = played(world, review(world, "Another"), {"pay": StepScript(completes=NEVER)})
    assert states(found) == {"check": "done", "pay": "live", "over": "to_come"}


def test_an_offer_comes_back_once_and_is_made_again(world: World) -> None:
    found = played(world, review(world), {"check": StepScript(returns_once=True)})
    assert found.is_over
    assert found.refusals == []
    kinds = [entry.kind for entry in found.entries if entry.step == "Check it"]
    assert kinds.index("offer") < kinds.index("return") < kinds.index("accept")
    assert kinds.count("offer") == 2


def test_a_loop_is_taken_as_often_as_the_script_says(world: World) -> None:
    document = {
        **REVIEW,
        "steps": [
            {
                **REVIEW["steps"][0],
                "after": [{"step": "pay", "when": 'pay.result.decision = "Rejected"', "again_at_most": 2}],
            },
            *REVIEW["steps"][1:],
        ],
    }
    review(world)
    version = create_flow(name="Looping", document=document, by=world.olga, at=world.now)
    found = played(world, version, {"pay": StepScript(results=[REJECTED, APPROVED])})
    assert found.is_over
    assert {box.key: box.mark.times for box in found.drawing.boxes}["check"] == 2


def test_a_wait_ends_at_its_instant(world: World) -> None:
    wait = {"key": "rest", "label": "Rest", "kind": "wait", "pause": {"lasts": "PT16H", "hours_of": "checker"}}
    steps = [REVIEW["steps"][0], {**wait, "after": [{"step": "check"}]}]
    review(world)
    version = create_flow(name="Waiting", document={**REVIEW, "steps": steps}, by=world.olga, at=world.now)
    found = played(world, version)
    assert found.is_over
    assert said(found, "wake") == ["The wait “Rest” is over; the case is completed."]
    assert found.working > timedelta(hours=16)


def test_a_flow_that_may_not_be_published_is_not_played(world: World) -> None:
    review(world)
    document = {**REVIEW, "steps": [{**REVIEW["steps"][0], "template": "Gone"}]}
    found = played(world, create_flow(name="Broken", document=document, by=world.olga, at=world.now))
    assert "no published template called “Gone”" in found.problems[0].sentence
    assert found.entries == []


def test_what_a_launch_refuses_is_refused_and_leaves_no_trace(world: World) -> None:
    version = review(world)
    with no_trace(), pytest.raises(Refusal) as caught:
        play(version, by=world.olga, at=MONDAY, workspace=world.northwind, script=Script(), title="\x00")
    assert caught.value.code == "not_storable"


def test_it_leaves_no_trace_where_it_breaks_in_the_middle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = review(world)

    def broken(*given: Any, **words: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handoffs.sandbox.course.results", broken)
    with no_trace(), pytest.raises(ZeroDivisionError):
        play(version, by=world.olga, at=MONDAY, workspace=world.projects, script=Script())


def test_it_is_for_those_who_run_the_organization(world: World) -> None:
    version = review(world)
    with no_trace(), pytest.raises(Forbidden):
        play(version, by=world.ana, at=MONDAY, workspace=world.projects, script=Script())


def test_alarms_of_other_work_stay_where_they_are(world: World) -> None:
    world.handoff(at=State.OFFERED)
    played(world, review(world), {"check": StepScript(accepts=2.0)}, at=MONDAY + timedelta(days=7))


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
def test_the_starter_flows_are_played_to_their_end_in_a_moment(world: World, starter: Any) -> None:
    (version,) = install_starters(by=world.olga, at=world.now, starters=[starter])
    space = world.northwind if starter.key in ("client_onboarding", "document_review") else world.projects
    teams = {"client": world.team("Northwind")}
    roles = {
        role["key"]: teams.get(role["key"], world.team("Onboarding" if n % 2 else "Sales"))
        for n, role in enumerate(starter.document["roles"])
    }
    casting = {key: (team, None) for key, team in roles.items()}
    began = time.monotonic()
    found = played(world, version, workspace=space, internal_workspace=world.projects, casting=casting)
    assert found.is_over, [entry.sentence for entry in found.refusals]
    assert found.refusals == []
    assert time.monotonic() - began < 30
