"""One handoff's page: what its reader learns first, and exactly the verbs they have."""

from handoffs.lifecycle import State
from tests.portal.pages.conftest import Visit
from tests.world import World


def test_the_receiver_sees_who_answers_for_it_and_may_accept(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    page = visit("ben").get(f"handoffs/{handoff.reference}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Ana</strong> answers for this since" in text
    assert f"/o/fjord/handoffs/{handoff.reference}/accept/" in text
    inbox = visit("ben").get()
    assert handoff.title in inbox.content.decode()
    done = visit("ben").post(f"handoffs/{handoff.reference}/accept/")
    assert done.status_code == 303
    handoff.refresh_from_db()
    assert handoff.custodian == world.ben
