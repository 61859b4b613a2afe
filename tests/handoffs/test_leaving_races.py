"""Somebody leaves in the very instant in which work reaches them: whichever comes first, nobody is gone with work.

Two connections. One does its part and holds its transaction open; the other does its own until it is through, or waits
for the first. Then the first commits.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection

from handoffs import actions
from handoffs.departing import depart
from handoffs.ledger.verify import faults
from handoffs.lifecycle import State
from handoffs.models import Handoff, Offer
from tenants.access import Permission
from tenants.actions import add_to_team, grant, invite, join
from tenants.models import Member, Organization, Role, User
from tenants.presence import let_go
from tenants.refusals import Refusal
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.world import World, build

Part = Callable[[World], object]
_number = count(1)


@pytest.fixture(scope="module")
def firm(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    """Committed rows in a database apart: two connections cannot see each other's open transactions."""
    with django_db_blocker.unblock(), database_apart("leaving"):
        yield build("leaving")


def newcomer(world: World) -> Member:
    """Somebody new in onboarding, who may also manage: somebody who can come by work in every way there is."""
    name = f"ines{next(_number)}"
    user = User.objects.create(email=f"{name}@leaving.example", name=name.capitalize())
    _, token = invite(email=user.email, role=Role.MEMBER, by=world.olga, at=world.now)
    ines = join(raw_token=token, user=user, at=world.now)
    add_to_team(team=world.team("Onboarding"), member=ines, by=world.olga, at=world.now)
    grant(workspace=world.projects, to=ines, permissions=[Permission.MANAGE], by=world.olga, at=world.now)
    return known(ines)


def known(member: Member) -> Member:
    """As the request of this instant knows them, their standing with them."""
    found = Member.objects.select_related("user", "organization").get(pk=member.pk)
    assert found.standing
    return found


def accepts(world: World, ines: Member) -> Part:
    handoff = world.handoff(State.OFFERED)
    return lambda now: actions.accept(handoff, by=ines, at=now.now)


def is_offered_it(world: World, ines: Member) -> Part:
    handoff, ana = world.handoff(), known(world.ana)
    return lambda now: actions.offer(handoff, by=ana, at=now.now, to_team=now.team("Onboarding"), to_member=ines)


def takes_it_over(world: World, ines: Member) -> Part:
    handoff = world.handoff(State.STARTED)
    return lambda now: actions.take_over(handoff, by=ines, at=now.now, reason="Ben is ill")


def succeeds_another(world: World, ines: Member) -> Part:
    former = newcomer(world)
    handoff = world.handoff(State.OFFERED)
    actions.accept(handoff, by=former, at=world.now)
    olga = known(world.olga)
    return lambda now: depart(member=former, successor=ines, by=olga, at=now.now)


def drafts(world: World, ines: Member) -> Part:
    return lambda now: actions.draft(now.projects, by=ines, at=now.now, title="One more")


def reopens(world: World, ines: Member) -> Part:
    """What she sent, and Ben completed."""
    made = actions.draft(world.projects, by=ines, at=world.now, title="The invoice")
    made = actions.offer(made, by=ines, at=world.now, to_team=world.team("Onboarding"))
    made = actions.accept(made, by=known(world.ben), at=world.now)
    made = actions.complete(made, by=known(world.ben), at=world.now)
    return lambda now: actions.reopen(made, by=ines, at=now.now, reason="It was wrong")


WAYS = [accepts, is_offered_it, takes_it_over, succeeds_another, drafts, reopens]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("leaves_first", [True, False], ids=["leaves first", "gets it first"])
def test_nobody_leaves_with_what_reached_them_in_that_instant(
    firm: Organization, way: Callable[[World, Member], Part], leaves_first: bool
) -> None:
    with scope(firm):
        world = World(firm)
        ines, olga = newcomer(world), known(world.olga)
        gets = way(world, ines)
        leaver = known(ines)

    def leaves(now: World) -> object:
        return depart(member=leaver, by=olga, at=now.now)

    first, second = both(firm, *((leaves, gets) if leaves_first else (gets, leaves)))
    assert first == "done"
    assert second != "done", "both went through: nobody answers for what reached her"
    assert not second or second.endswith("."), second
    with scope(firm):
        has_left = Member.objects.get(pk=ines.pk).left_at is not None
        holds = Handoff.objects.filter(custodian=ines).exists() or Offer.objects.open().filter(to_member=ines).exists()
        assert (has_left, holds) == (leaves_first, not leaves_first)
        assert list(faults(firm.id)) == []


def test_two_who_leave_and_name_each_other_do_not_wait_for_each_other(
    firm: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(firm):
        world = World(firm)
        pair, olga = (newcomer(world), newcomer(world)), known(world.olga)
        for holder in pair:
            actions.accept(world.handoff(State.OFFERED), by=holder, at=world.now)
    meeting = threading.Barrier(2)

    def met(member: Member) -> None:
        """Both have handed over before either leaves, if that is possible at all."""
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(2)
        let_go(member)

    monkeypatch.setattr("handoffs.departing.let_go", met)
    came: list[str] = []

    def leaves(leaver: Member, successor: Member) -> None:
        try:
            with scope(firm):
                depart(member=known(leaver), successor=known(successor), by=olga, at=World(firm).now)
            came.append("done")
        except Exception as error:
            came.append(error.sentence if isinstance(error, Refusal) else repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=leaves, args=args) for args in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert "done" in came
    [refused] = [words for words in came if words != "done"]
    assert refused.endswith("cannot receive this: they have left.")
    with scope(firm):
        assert not Handoff.objects.live().filter(custodian__left_at__isnull=False).exists()


def both(firm: Organization, first: Part, second: Part) -> tuple[str, str]:
    """What came of each: "done", or the sentence of the refusal."""
    at_the_door, go = threading.Event(), threading.Event()
    came: dict[str, str] = {}

    def run(name: str, part: Part, before_commit: Callable[[], object]) -> None:
        try:
            with scope(firm):
                part(World(firm))
                before_commit()
            came[name] = "done"
        except Refusal as refusal:
            came[name] = refusal.sentence
        except Exception as error:
            came[name] = repr(error)
        finally:
            at_the_door.set()
            connection.close()

    def hold() -> None:
        at_the_door.set()
        assert go.wait(20)

    one = threading.Thread(target=run, args=("first", first, hold))
    other = threading.Thread(target=run, args=("second", second, lambda: None))
    one.start()
    assert at_the_door.wait(20)
    other.start()
    wait_until_through_or_blocked(other)
    go.set()
    one.join(20)
    other.join(20)
    return came["first"], came["second"]


def wait_until_through_or_blocked(thread: threading.Thread) -> None:
    deadline = time.monotonic() + 20
    while thread.is_alive():
        assert time.monotonic() < deadline
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
