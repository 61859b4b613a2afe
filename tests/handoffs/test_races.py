"""Eight people at the same handoffs at once: one winner each, losers learn who holds it, nothing is orphaned."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from handoffs import actions, handoff
from handoffs.custody.models import Custody, Offer
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.ledger.verify import faults
from handoffs.refusals import NotNow, Refusal
from tenants.models import Member, Organization
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.world import World, build

BATCH = 25
ATTACKS = ("accept ben", "accept bo", "accept lea", "return ben", "return bo", "redirect lea", "withdraw ana")
ATTACKS += ("accept sue",)  # loses, unless Lea's redirect to support comes first


@dataclass
class Fight:
    """What happened to a batch of handoffs that eight threads went for."""

    outcomes: list[tuple[int, str, str]] = field(default_factory=list)  # (handoff id, attack, outcome)
    unexpected: list[BaseException] = field(default_factory=list)

    def of(self, handoff: Handoff) -> Counter[str]:
        return Counter(f"{attack.split()[0]} {outcome}" for id, attack, outcome in self.outcomes if id == handoff.id)


@pytest.fixture(scope="module")
def arena(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    """Committed rows in a database apart: threads cannot see an open transaction's, and no other test may see these."""
    with django_db_blocker.unblock(), database_apart("races"):
        yield build("races")


def fight(organization: Organization, seed: int, size: int = BATCH) -> tuple[list[Handoff], Fight]:
    """Offers `size` handoffs to onboarding, then lets eight threads go through them, each in an order of its own."""
    with scope(organization):
        world = World(organization)
        handoffs = [world.handoff() for _ in range(size)]
        onboarding = world.team("Onboarding")
        handoffs = [actions.offer(h, by=world.ana, at=world.now, to_team=onboarding) for h in handoffs]
    result, start = Fight(), threading.Barrier(len(ATTACKS))
    with ThreadPoolExecutor(len(ATTACKS)) as pool:
        for attack in ATTACKS:
            pool.submit(_go, organization, handoffs, attack, seed, start, result)
    return handoffs, result


def _go(
    organization: Organization, handoffs: list[Handoff], attack: str, seed: int, start: threading.Barrier, into: Fight
) -> None:
    verb, name = attack.split()
    order = list(handoffs)
    random.Random(f"{seed} {attack}").shuffle(order)
    # Half of the threads go the same way round, so that several meet at one handoff in the same instant.
    order = list(handoffs) if seed % 2 and verb == "accept" else order
    try:
        with scope(organization):
            world = World(organization)
            by, support = getattr(world, name), world.team("Support")
            assert by.standing
        start.wait(timeout=30)
        for handoff in order:
            into.outcomes.append((handoff.id, attack, _attempt(organization, handoff, verb, by, support, world)))
    except BaseException as error:
        into.unexpected.append(error)
    finally:
        connection.close()


def _attempt(organization: Organization, handoff: Handoff, verb: str, by: Member, support: Any, world: World) -> str:
    words: dict[str, Any] = {"return": {"reason": "Not ready"}, "redirect": {"to_team": support}}.get(verb, {})
    action = getattr(actions, "return_" if verb == "return" else verb)
    try:
        with scope(organization):
            action(handoff, by=by, at=world.now, **words)
    except NotNow as refusal:
        assert refusal.details["holder"] or refusal.details["state"] in ("completed", "cancelled")
        return "lost"
    except Refusal as refusal:
        assert refusal.kind == "forbidden", refusal
        return "not theirs"
    return "won"


def whole(organization: Organization, handoffs: list[Handoff], result: Fight) -> None:
    """Every handoff of the batch came out of it with one winner, one holder and an unbroken past."""
    assert result.unexpected == []
    with scope(organization):
        for handoff in handoffs:
            won = result.of(handoff)
            now = Handoff.objects.select_related("open_offer").get(pk=handoff.pk)
            closings = won["accept won"] + won["return won"] + won["withdraw won"]
            assert closings == 1, f"{closings} closed one offer: {won}"
            assert now.state == ("accepted" if won["accept won"] else "returned" if won["return won"] else "draft"), won
            rows = list(Custody.objects.filter(handoff=handoff).order_by("seq"))
            assert [row.ended_at is None for row in rows] == [False] * (len(rows) - 1) + [True]
            assert now.custodian_id == rows[-1].holder_id
            for former, row in pairwise(rows):
                assert former.ended_at == row.started_at
            assert now.open_offer is None
            assert Offer.objects.open().filter(handoff=handoff).count() == 0
            assert Event.objects.filter(handoff=handoff, verb="redirect").count() == won["redirect won"]
        assert list(faults(organization.id)) == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_one_winner_each(arena: Organization, rounds: int) -> None:
    redirected = lost = 0
    for seed in range(rounds // BATCH):
        handoffs, result = fight(arena, seed)
        whole(arena, handoffs, result)
        redirected += sum(result.of(handoff)["redirect won"] for handoff in handoffs)
        lost += sum(outcome == "lost" for _, _, outcome in result.outcomes)
    assert redirected > 0, "nobody redirected: the rounds were no fight"
    assert lost > rounds, "hardly anybody lost: the rounds were no fight"


def test_without_the_lock_this_test_fails(arena: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff, "LOCKING", handoff.LOCKING.removesuffix("FOR UPDATE"))
    # Two winners, or the database refusing the second: nothing else would show that it was the lock that was missed.
    with pytest.raises(AssertionError, match=r"closed one offer|IntegrityError"):
        for seed in range(40):
            handoffs, result = fight(arena, seed * 2 + 1)
            whole(arena, handoffs, result)
