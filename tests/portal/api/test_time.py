"""Where the time went and why a promise is due then, for integrations."""

from datetime import timedelta

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Clock
from tests.portal.api.conftest import Call
from tests.world import World


def test_the_slices_add_up_to_the_whole(world: World, call: Call) -> None:
    handoff = world.handoff(State.OFFERED)
    actions.accept(handoff, by=world.ben, at=world.later(hours=3))
    actions.complete(handoff, by=world.ben, at=world.later(hours=1))
    told = call(world.ana).get(f"handoffs/{handoff.reference}/time/").json()
    assert told["total_seconds"] == 4 * 3600
    assert [(each["phase"], each["holder"]["name"]) for each in told["slices"]] == [
        ("offered", "Ana"),
        ("waiting", "Ben"),
    ]
    parts = sum(each["inside_seconds"] + each["outside_seconds"] for each in told["slices"])
    assert parts == told["total_seconds"]


def test_the_lines_add_up_to_the_target(world: World, call: Call) -> None:
    handoff = world.handoff(State.OFFERED)
    row = call(world.ben).get(f"handoffs/{handoff.reference}/").json()["clocks"][0]
    told = call(world.ben).get(f"handoffs/{handoff.reference}/clocks/{row['id']}/").json()
    assert told["kind"] == "accept"
    assert sum(line["counted_seconds"] for line in told["lines"]) == told["target_seconds"]
    assert told["lines"][-1]["ends_at"] == told["due_at"]


def test_a_pause_holds_the_promise_and_not_the_age(world: World, call: Call) -> None:
    handoff = world.handoff(State.OFFERED)
    actions.accept(handoff, by=world.ben, at=world.now)
    until = world.now + timedelta(days=90)
    actions.hold(handoff, by=world.ben, at=world.later(hours=1), reason="They move house", until=until)
    clock = Clock.objects.get(handoff=handoff, kind="start")
    assert not clock.is_late(clock.due_at + timedelta(days=30))
    assert clock.elapsed(clock.started_at + timedelta(days=30)) == timedelta(days=30)
    rows = call(world.ben).get(f"handoffs/{handoff.reference}/").json()["clocks"]
    [row] = [row for row in rows if row["kind"] == "start"]
    assert row["elapsed_seconds"] > 0
    assert row["paused_at"]
    assert not row["is_late"]


def test_what_one_does_not_see_is_not_there(world: World, call: Call) -> None:
    handoff, other = world.handoff(State.OFFERED), world.handoff(State.OFFERED)
    clock, elsewhere = Clock.objects.get(handoff=handoff), Clock.objects.get(handoff=other)
    for path in ("time/", f"clocks/{clock.pk}/"):
        assert call(world.vic).get(f"handoffs/{handoff.reference}/{path}").status_code == 200
        assert call(world.nils).get(f"handoffs/{handoff.reference}/{path}").status_code == 404
        assert call(world.ana).post(f"handoffs/{handoff.reference}/{path}").status_code == 405
    assert call(world.ana).get(f"handoffs/{handoff.reference}/clocks/{elsewhere.pk}/").status_code == 404
