"""How many queries the pages take: pinned, and the same for one row and for twenty."""

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World


def busy(world: World, count: int) -> str:
    """Ana and Ben with so many handoffs each way; the reference of one with everything in it."""
    for n in range(count):
        world.handoff(at=State.OFFERED, title=f"Offered {n}")
        world.handoff(at=State.STARTED, title=f"Started {n}")
        world.handoff(at=State.RETURNED, title=f"Returned {n}")
    context = {"open_incidents": "None", "quiet": True}
    handoff = world.handoff(title="Night shift", template=world.template("on_call"), context=context)
    handoff = actions.tick(handoff, by=world.ana, at=world.now, item="pager_tested")
    handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    for n in range(count):
        actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body=f"What about {n}?")
        actions.note(handoff, by=world.ana, at=world.later(minutes=1), body=f"Note {n}")
        actions.link(handoff, by=world.ana, at=world.later(minutes=1), url=f"https://crm.example/{n}")
    return handoff.reference


PAGES = {
    "inbox_page": "",
    "held_page": "held/",
    "sent_page": "sent/",
    "find_page": "handoffs/?q=offered&box=sent&state=offered&late=1",
    "handoff_page": "handoffs/{reference}/",
    "workspace_page": "workspaces/{workspace}/",
    "notifications_page": "notifications/",
    "settings_page": "settings/",
    "new_page": "handoffs/new/",
    "offer_form": "handoffs/{draft}/offer/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_as_many_queries_as_are_pinned(name: str, world: World, visit: Visit) -> None:
    ana = visit("ana")
    for count in (1, 7):
        names = {"reference": busy(world, count), "workspace": world.projects.id, "draft": world.handoff().reference}
        path = PAGES[name].format(**names)
        ana.get(path)  # what is read once per process
        with pinned(name):
            assert ana.get(path).status_code == 200


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_a_verb_takes_as_many_queries_as_are_pinned(verb: str, world: World, visit: Visit) -> None:
    ben = visit("ben")
    first, second = world.handoff(at=State.OFFERED), world.handoff(at=State.OFFERED)
    words = {"reason_code": "not_ready", "reason": "Not yet"} if verb == "return" else {}
    ben.post(f"handoffs/{first.reference}/{verb}/", **words)
    with pinned(f"{verb}_page"):
        assert ben.post(f"handoffs/{second.reference}/{verb}/", **words).status_code == 303
