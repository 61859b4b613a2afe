"""Pages that somebody keeps watching: 304 while nothing has changed, the page anew when something has."""

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

WATCHED = ["", "held/", "sent/", "handoffs/{reference}/"]


def watch(who: Visitor, path: str, tag: str = "") -> tuple[int, str]:
    """The status and the tag of the answer."""
    headers = {"Handrail-Live": "1"} | ({"If-None-Match": tag} if tag else {})
    answer = who.client.get(who.home + path, headers=headers)
    return answer.status_code, answer.headers.get("ETag", "")


@pytest.mark.parametrize("path", WATCHED)
def test_what_has_not_changed_is_not_sent_again(path: str, world: World, visit: Visit) -> None:
    address = path.format(reference=world.handoff(at=State.OFFERED).reference)
    ana = visit("ana")
    status, tag = watch(ana, address)
    assert (status, bool(tag)) == (200, True)
    assert watch(ana, address, tag) == (304, tag)
    assert watch(ana, address, '"another"')[0] == 200


def test_the_sender_is_sent_the_page_anew_when_somebody_accepts(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    ana = visit("ana")
    tags = {path: watch(ana, path)[1] for path in ("", "sent/", f"handoffs/{handoff.reference}/")}
    actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
    assert [watch(ana, path, tag)[0] for path, tag in tags.items()] == [200, 200, 200]


def test_a_new_offer_reaches_the_receivers_inbox_and_nobody_elses(world: World, visit: Visit) -> None:
    ben, sue = visit("ben"), visit("sue")
    before, elsewhere = watch(ben, "")[1], watch(sue, "")[1]
    world.handoff(at=State.OFFERED)
    assert watch(ben, "", before)[0] == 200
    assert watch(sue, "", elsewhere)[0] == 304


def test_a_page_that_nobody_watches_has_no_tag_and_is_never_304(world: World, visit: Visit) -> None:
    ana = visit("ana")
    tag = watch(ana, "")[1]
    answer = ana.client.get(ana.home, headers={"If-None-Match": tag})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)


def test_a_refusal_and_a_stranger_are_answered_as_ever(world: World, visit: Visit) -> None:
    assert watch(visit("stan"), "")[0] == 404
    assert watch(visit("ana"), "handoffs/HO-999/")[0] == 404
