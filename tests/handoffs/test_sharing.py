"""One handoff shared beyond its workspace: seen, not more, and only by those it was shared with."""

import pytest
from django.db import transaction

from handoffs import actions
from handoffs.actions.share import share, unshare
from handoffs.lifecycle import State
from handoffs.models import Handoff, Note
from handoffs.parties import sees
from handoffs.refusals import Refusal
from tests.handoffs.doing import who_is
from tests.world import World


def test_what_is_shared_is_seen_and_nothing_else(world: World) -> None:
    shared, other = world.handoff(at=State.OFFERED), world.handoff(at=State.OFFERED)
    assert not Handoff.objects.reachable_by(world.nils).exists()
    for _ in range(2):
        share(shared, by=world.ana, at=world.now, to=world.nils)
    nils = who_is(world, "nils")
    assert list(Handoff.objects.reachable_by(nils)) == [shared]
    assert sees(shared, nils)
    assert not sees(other, nils)
    assert Note.objects.filter(handoff=shared, internal=True).count() == 1, "shared once, noted once"
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        actions.accept(shared, by=nils, at=world.now)
    assert refusal.value.kind == "forbidden"
    unshare(shared, by=world.ana, at=world.now, to=nils)
    assert not Handoff.objects.reachable_by(who_is(world, "nils")).exists()


def test_shared_with_a_team_is_seen_by_its_members(world: World) -> None:
    handoff = world.handoff()
    share(handoff, by=world.mo, at=world.now, to=world.team("Elsewhere"))
    assert list(Handoff.objects.reachable_by(world.nils)) == [handoff]


@pytest.mark.parametrize(("who", "to", "code"), [("bo", "nils", "not_yours"), ("vic", "nils", "not_yours")])
def test_only_who_answers_for_it_or_manages_shares(world: World, who: str, to: str, code: str) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with pytest.raises(Refusal) as refusal:
        share(handoff, by=getattr(world, who), at=world.now, to=getattr(world, to))
    assert refusal.value.code == code


def test_internal_work_is_never_shared_with_a_client(world: World) -> None:
    with pytest.raises(Refusal) as refusal:
        share(world.handoff(), by=world.ana, at=world.now, to=world.cleo)
    assert refusal.value.code == "not_for_clients"
