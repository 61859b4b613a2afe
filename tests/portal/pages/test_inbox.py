"""The inbox: three parts with their counts, who has the ball, and the way to the others."""

from datetime import timedelta

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from portal.pages import inbox
from portal.pages.inbox import parts
from tests.portal.pages.conftest import Visit
from tests.world import World


def test_an_offer_waits_for_the_team_and_is_still_held_by_its_sender(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    waiting, held, sent = parts(world.ben, world.now)
    assert [row.reference for row in waiting.rows] == [handoff.reference]
    assert (held.count, sent.count) == (0, 0)
    waiting, held, sent = parts(world.ana, world.now)
    assert waiting.count == 0
    assert [(row.who, row.note, row.state) for row in held.rows] == [("Onboarding", "Not seen yet", "offered")]
    assert [row.reference for row in sent.rows] == [handoff.reference]


def test_the_ball_passes_with_the_acceptance(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    assert [row.reference for row in parts(world.ben, world.now)[1].rows] == [handoff.reference]
    assert [(row.who, row.note) for row in parts(world.ana, world.now)[2].rows] == [("Ben", "Onboarding")]


def test_what_came_back_is_held_and_not_waited_for(world: World) -> None:
    handoff = world.handoff(at=State.RETURNED)
    _, held, sent = parts(world.ana, world.now)
    assert [(row.reference, row.state) for row in held.rows] == [(handoff.reference, "returned")]
    assert sent.count == 0


def test_what_is_late_says_so_in_working_time(world: World) -> None:
    # Offered at 8:10; the office opens at 9, so four working hours end at 13:00.
    world.handoff(at=State.OFFERED)
    row = parts(world.ben, world.now + timedelta(hours=3))[0].rows[0]
    assert (row.state, row.time) == ("waiting_for_you", "1 h 50 m left")
    row = parts(world.ben, world.now + timedelta(hours=5, minutes=20))[0].rows[0]
    assert (row.state, row.time) == ("late", "30 m late")


def test_a_viewer_is_never_asked(world: World) -> None:
    world.handoff(at=State.OFFERED)
    assert parts(world.vic, world.now)[0].count == 0


def test_what_waits_comes_in_pages_without_gap_or_repetition(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SHOWN", 2)
    made = {world.handoff(at=State.OFFERED, title=f"Contract {n}").reference for n in range(5)}
    ben, seen, query = visit("ben"), [], {}
    for _ in range(3):
        answer = ben.get("", **query)
        part = answer.context["parts"][0]
        seen += [row.reference for row in part.rows]
        if part.older:
            query = {"after": part.older.partition("after=")[2].replace("%2B", "+").replace("%3A", ":")}
    assert not part.older
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    ("path", "state", "name"), [("held/", State.DRAFT, "after"), ("sent/", State.ACCEPTED, "before")]
)
def test_the_other_parts_come_in_pages_too(
    path: str, state: State, name: str, world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SHOWN", 2)
    made = {world.handoff(at=state, title=f"Contract {n}").reference for n in range(5)}
    ana, seen, address = visit("ana"), [], "/o/fjord/" + path
    while address:
        context = ana.client.get(address).context
        seen += [row.reference for row in context["rows"]]
        address = context["older"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(made)


def test_held_pages_pass_from_what_is_due_to_what_is_not(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SHOWN", 1)
    world.handoff(at=State.ACCEPTED, title="Without a time to complete")
    approval = world.template("approval")
    timed = world.handoff(title="With one", template=approval, context={"subject": "A budget"})
    timed = actions.offer(timed, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    actions.accept(timed, by=world.ben, at=world.now)
    first = visit("ben").get("held/").context
    assert [row.title for row in first["rows"]] == ["With one"]
    second = visit("ben").client.get(first["older"]).context
    assert [row.title for row in second["rows"]] == ["Without a time to complete"]


def test_the_count_in_the_navigation_is_what_waits(world: World, visit: Visit) -> None:
    world.handoff(at=State.OFFERED)
    world.handoff(at=State.OFFERED)
    assert visit("ben").get().context["waiting_count"] == 2
    assert visit("ben").get("held/").context["waiting_count"]() == 2
