"""One handoff shared beyond its workspace: seen, never received, by those it was shared with, on the record."""

import pytest
from django.db import transaction

from handoffs import actions
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import State
from handoffs.models import Event, Handoff
from handoffs.parties import sees
from handoffs.refusals import Refusal
from handoffs.sharing import Sharing, sharing_of
from tenants.actions import leave
from tests.handoffs.doing import who_is
from tests.world import World


def recorded(handoff: Handoff) -> list[tuple[str, bool]]:
    """What the ledger tells of sharing, and whether a client is kept from it."""
    events = Event.objects.of(handoff.pk).filter(verb__in=["share", "unshare"]).select_related("by")
    return [(sentence(event), event.internal) for event in events]


def test_what_is_shared_is_seen_and_cannot_be_taken(world: World) -> None:
    shared, other = world.handoff(at=State.OFFERED), world.handoff(at=State.OFFERED)
    assert not Handoff.objects.reachable_by(world.nils).exists()
    for _ in range(2):
        actions.share(shared, by=world.ana, at=world.now, to=world.nils)
    nils = who_is(world, "nils")
    assert list(Handoff.objects.reachable_by(nils)) == [shared]
    assert sees(shared, nils)
    assert not sees(other, nils)
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        actions.accept(shared, by=nils, at=world.now)
    assert refusal.value.kind == "forbidden"
    for _ in range(2):
        actions.unshare(shared, by=world.ana, at=world.now, to=nils)
    assert not Handoff.objects.reachable_by(who_is(world, "nils")).exists()
    assert recorded(shared) == [("Ana shared this with Nils", True), ("Ana stopped sharing this with Nils", True)]


def test_shared_with_a_team_is_seen_by_its_members(world: World) -> None:
    handoff = world.handoff()
    actions.share(handoff, by=world.mo, at=world.now, to=world.team("Elsewhere"))
    assert list(Handoff.objects.reachable_by(world.nils)) == [handoff]
    assert sharing_of(handoff, world.vic) == Sharing(teams=(world.team("Elsewhere"),))
    assert sharing_of(handoff, world.cleo) == Sharing()


@pytest.mark.parametrize("who", ["bo", "vic", "nils", "max"])
@pytest.mark.parametrize("done", [False, True])
def test_only_who_answers_for_it_or_manages_shares(world: World, who: str, done: bool) -> None:
    handoff = world.handoff(at=State.OFFERED)
    if done:  # that it is so already is no way around the rule
        actions.share(handoff, by=world.ana, at=world.now, to=world.sam)
    for verb in (actions.share, actions.unshare):
        with pytest.raises(Refusal) as refusal:
            verb(handoff, by=getattr(world, who), at=world.now, to=world.sam)
        assert refusal.value.code == "not_yours"
        assert "custodian or workspace manager can" in refusal.value.sentence


def test_a_client_who_holds_it_shares_nothing(world: World) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    handoff = actions.accept(handoff, by=world.cleo, at=world.later(minutes=1))
    with pytest.raises(Refusal) as refusal:
        actions.share(handoff, by=world.cleo, at=world.now, to=world.carl)
    assert refusal.value.code == "not_yours"


def test_internal_work_is_never_shared_with_a_client(world: World) -> None:
    for to in (world.cleo, world.team("Northwind")):
        with pytest.raises(Refusal) as refusal:
            actions.share(world.handoff(), by=world.ana, at=world.now, to=to)
        assert refusal.value.code == "not_for_clients"


def test_a_client_hears_that_it_is_shared_with_clients_and_nothing_of_ours(world: World) -> None:
    handoff = world.handoff(workspace=world.northwind)
    actions.share(handoff, by=world.ana, at=world.now, to=world.carl)
    actions.share(handoff, by=world.ana, at=world.now, to=world.nils)
    assert recorded(handoff) == [("Ana shared this with Carl", False), ("Ana shared this with Nils", True)]


def test_work_that_has_ended_can_be_shared_and_taken_back(world: World) -> None:
    handoff = world.handoff(at=State.COMPLETED)
    actions.share(handoff, by=world.mo, at=world.now, to=world.nils)
    assert sees(handoff, who_is(world, "nils"))
    actions.unshare(handoff, by=world.mo, at=world.now, to=world.nils)
    assert not sees(handoff, who_is(world, "nils"))
    handoff.refresh_from_db()
    assert handoff.status is State.COMPLETED


def test_who_left_is_not_shared_with_and_can_be_taken_off(world: World) -> None:
    handoff = world.handoff()
    actions.share(handoff, by=world.ana, at=world.now, to=world.sue)
    leave(member=who_is(world, "sue"), by=world.olga, at=world.now)
    actions.unshare(handoff, by=world.ana, at=world.now, to=who_is(world, "sue"))
    with pytest.raises(Refusal) as refusal:
        actions.share(handoff, by=world.ana, at=world.now, to=who_is(world, "sue"))
    assert refusal.value.code == "cannot_see"


def test_the_product_itself_is_nobody_to_share_with(world: World) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.share(world.handoff(), by=world.ana, at=world.now, to=world.system)
    assert refusal.value.code == "not_here"
