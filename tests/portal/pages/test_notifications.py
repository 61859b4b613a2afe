"""Notifications: one's own, newest first, and read when one says so."""

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Notice
from portal.pages import notifications
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World


def notices(world: World, count: int) -> list[Notice]:
    handoff = world.handoff(at=State.OFFERED)
    for n in range(count):
        actions.note(handoff, by=world.ben, at=world.later(minutes=1), body=f"Note {n}")
    events = handoff.events.filter(verb="note").order_by("seq")
    return [
        Notice.objects.create(
            organization=world.organization,
            event=event,
            handoff=handoff,
            member=world.ana,
            why="custodian",
            created_at=event.at,
        )
        for event in events
    ]


def test_they_are_ones_own_and_lead_to_the_handoff(world: World, visit: Visit) -> None:
    notice = notices(world, 1)[0]
    text = visit("ana").read("notifications/")
    assert "Ben added a note" in text
    assert f"/o/fjord/handoffs/{notice.handoff.reference}/" in text
    assert "1 unread" in text
    assert "Nothing yet" in visit("ben").read("notifications/")


def test_one_or_all_are_marked_as_read_and_again_changes_nothing(world: World, visit: Visit) -> None:
    first, second, third = notices(world, 3)
    ana = visit("ana")
    assert ana.post("notifications/read/", notice=first.id).status_code == 303
    assert [n.read_at is None for n in Notice.objects.order_by("id")] == [False, True, True]
    assert ana.post("notifications/read/").status_code == 303
    second.refresh_from_db()
    read_at = second.read_at
    assert read_at
    assert ana.post("notifications/read/").status_code == 303
    third.refresh_from_db()
    assert third.read_at == read_at
    assert "unread" not in ana.read("notifications/").lower().replace("unread_count", "")


def test_opening_one_marks_it_as_read(world: World, visit: Visit) -> None:
    notice = notices(world, 1)[0]
    ana, there = visit("ana"), f"/o/fjord/handoffs/{notice.handoff.reference}/"
    assert f'name="next" value="{there}"' in ana.read("notifications/")
    assert ana.post("notifications/read/", notice=notice.id, next=there)["Location"] == there
    assert f'<a href="{there}">' in ana.read("notifications/")


def test_nobody_reads_for_somebody_else(world: World, visit: Visit) -> None:
    notice = notices(world, 1)[0]
    visit("ben").post("notifications/read/", notice=notice.id)
    visit("ben").post("notifications/read/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_one_is_sent_on_only_within_the_site(world: World, visit: Visit) -> None:
    ana = visit("ana")
    assert ana.post("notifications/read/", next="https://elsewhere.example/")["Location"] == "/o/fjord/notifications/"
    assert ana.post("notifications/read/", next="//elsewhere.example/")["Location"] == "/o/fjord/notifications/"
    assert ana.post("notifications/read/", next="/o/fjord/held/")["Location"] == "/o/fjord/held/"


def test_they_come_in_pages(world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "SHOWN", 2)
    made = [notice.id for notice in notices(world, 5)]
    ana, seen, older = visit("ana"), [], "?"
    while older:
        context = ana.client.get("/o/fjord/notifications/" + older).context
        seen += [entry["id"] for group in context["groups"] for entry in group["entries"]]
        older = context["older"]
    assert seen == made[::-1]


def test_they_are_grouped_by_handoff_and_read_by_handoff(world: World, visit: Visit) -> None:
    first = notices(world, 2)[0].handoff
    second = notices(world, 3)[0].handoff
    groups = visit("ana").get("notifications/").context["groups"]
    assert [(group["id"], group["unread"], len(group["entries"])) for group in groups] == [
        (second.id, 3, 3),
        (first.id, 2, 2),
    ]
    for _ in range(2):
        assert visit("ana").post("notifications/read/", handoff=second.id).status_code == 303
    assert Notice.objects.filter(read_at=None).count() == 2
    assert visit("ben").post("notifications/read/", handoff=first.id).status_code == 303
    assert Notice.objects.filter(read_at=None).count() == 2


def test_what_one_lost_sight_of_is_not_told_again(world: World, visit: Visit) -> None:
    handoff = notices(world, 1)[0].handoff
    event = handoff.events.latest("seq")
    here = {"organization": world.organization, "event": event, "handoff": handoff, "created_at": world.now}
    Notice.objects.create(**here, member=world.nils, why="receivers")
    assert "Nothing yet" in visit("nils").read("notifications/")


def test_a_client_is_told_nothing_internal(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED, to="Northwind", workspace=world.northwind)
    actions.note(handoff, by=world.max, at=world.later(minutes=1), body="They pay late", internal=True)
    event = handoff.events.latest("seq")
    here = {"organization": world.organization, "event": event, "handoff": handoff, "created_at": world.now}
    Notice.objects.create(**here, member=world.cleo, why="receivers")
    assert "Nothing yet" in visit("cleo").read("notifications/")


def test_many_take_as_many_queries_as_one(world: World, visit: Visit) -> None:
    ana = visit("ana")
    for count in (1, 12):
        notices(world, count)
        notices(world, count)
        ana.read("notifications/")
        with pinned("notifications_page_with_some"):
            ana.read("notifications/")
