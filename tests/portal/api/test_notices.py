"""What one was told, and saying that one has read it."""

import pytest

from handoffs.lifecycle import State
from handoffs.models import Event, Handoff, Notice
from tenants.access import Permission
from tenants.actions import revoke
from tenants.models import Member
from tests.portal.api.conftest import HOME, Call
from tests.world import World


def tell(world: World, handoff: Handoff, member: Member) -> Notice:
    event = Event.objects.of(handoff.pk).last()
    return Notice.objects.create(
        organization=world.organization,
        event=event,
        handoff=handoff,
        member=member,
        why="receivers",
        created_at=world.now,
    )


@pytest.fixture
def notice(world: World) -> Notice:
    """Ben was told of an offer."""
    return tell(world, world.handoff(at=State.OFFERED), world.ben)


def test_a_notice_says_what_happened_and_why_one_is_told(world: World, call: Call, notice: Notice) -> None:
    told = call(world.ben).get("notices/").json()["results"]
    assert [(row["why"], row["sentence"], row["handoff"], row["read_at"]) for row in told] == [
        ("receivers", "Ana offered this to Onboarding", notice.handoff.reference, None)
    ]
    assert call(world.bo).get("notices/").json()["results"] == []


def test_reading_one_twice(world: World, call: Call, notice: Notice) -> None:
    ben = call(world.ben)
    assert ben.post(f"notices/{notice.pk}/read").json() == {"read": 1}
    first = ben.get("notices/").json()["results"][0]["read_at"]
    assert first
    assert ben.post(f"notices/{notice.pk}/read/").json() == {"read": 0}
    assert ben.get("notices/").json()["results"][0]["read_at"] == first
    assert ben.get("notices/?unread=true").json()["results"] == []


def test_reading_all(world: World, call: Call, notice: Notice) -> None:
    tell(world, world.handoff(at=State.OFFERED), world.ben)
    ben = call(world.ben)
    assert ben.get("me/").json()["unread_notices"] == 2
    assert ben.post("notices/read").json() == {"read": 2}
    assert ben.get("me/").json()["unread_notices"] == 0


def test_somebody_elses_notice_is_not_there(world: World, call: Call, notice: Notice) -> None:
    bo = call(world.bo)
    hidden, unknown = bo.post(f"notices/{notice.pk}/read"), bo.post(f"notices/{10**30}/read")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    assert bo.get(f"notices/{notice.pk}/read").status_code == 405


def test_what_one_lost_sight_of_is_not_told_again(world: World, call: Call, notice: Notice) -> None:
    revoke(
        workspace=world.projects, to=world.team("Onboarding"), permissions=list(Permission), by=world.olga, at=world.now
    )
    assert call(world.ben).get("notices/").json()["results"] == []


def test_newest_first_over_pages(world: World, call: Call) -> None:
    made = [tell(world, world.handoff(at=State.OFFERED), world.ben).pk for _ in range(5)]
    ben, found, address = call(world.ben), [], "notices/?limit=2"
    while address:
        page = ben.get(address).json()
        found += [row["id"] for row in page["results"]]
        address = page["next"] and page["next"].partition(HOME)[2]
    assert found == made[::-1]
