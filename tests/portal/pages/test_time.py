"""Where the time went, on the handoff's page; and why a promise is due when it is."""

import re

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Clock
from tests.portal.pages.conftest import Visit
from tests.world import World


def test_the_bar_shows_every_stretch_and_the_table_says_the_same(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED)
    actions.accept(handoff, by=world.ben, at=world.later(hours=3))
    actions.start(handoff, by=world.ben, at=world.later(hours=1))
    actions.complete(handoff, by=world.ben, at=world.later(hours=4))
    text = visit("ana").read(f"handoffs/{handoff.reference}/")
    pieces = re.findall(r'<rect x="(\d+)" width="(\d+)" height="24" data-phase="(\w+)"><title>([^<]*)', text)
    assert [phase for _, _, phase, _ in pieces] == ["offered", "waiting", "working"]
    assert [int(x) for x, _, _, _ in pieces] == [0, 375, 500]
    assert sum(int(width) for _, width, _, _ in pieces) == 1000
    assert "Ben answering: 4 h" in pieces[-1][3]
    assert "8 h in all; the largest share is “Working” with 50 %." in text.replace("&#x201C;", "“")


def test_a_draft_has_spent_nothing_yet(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    assert "Where the time went" not in visit("ana").read(f"handoffs/{handoff.reference}/")


def test_each_promise_leads_to_why_it_is_due_then(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED)
    clock = Clock.objects.get(handoff=handoff)
    address = f"handoffs/{handoff.reference}/clocks/{clock.pk}/"
    page = visit("ben").read(f"handoffs/{handoff.reference}/")
    assert address in page
    assert "have passed since it began, nights and pauses included." in page
    text = visit("ben").read(address)
    assert "Why is it due then?" in text
    assert "4 h of working time" in text
    assert "Working hours" in text


def test_who_does_not_see_the_handoff_is_explained_nothing(world: World, visit: Visit) -> None:
    handoff, other = world.handoff(State.OFFERED), world.handoff(State.OFFERED)
    clock, elsewhere = Clock.objects.get(handoff=handoff), Clock.objects.get(handoff=other)
    address = f"handoffs/{handoff.reference}/clocks/"
    assert visit("vic").get(f"{address}{clock.pk}/").status_code == 200
    assert visit("nils").get(f"{address}{clock.pk}/").status_code == 404
    assert visit("stan").get(f"{address}{clock.pk}/").status_code == 404
    assert visit("ana").get(f"{address}{elsewhere.pk}/").status_code == 404
    assert visit("ana").get(f"{address}999999999999/").status_code == 404
    assert visit("ana").post(f"{address}{clock.pk}/").status_code == 405
