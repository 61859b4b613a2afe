"""Cases in a database apart, and people who go for them from several threads."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from handoffs import actions
from handoffs.actions import cases
from handoffs.actions.flows import create_flow, publish_flow
from handoffs.flows.document import written
from handoffs.flows.plan import Plan
from handoffs.lifecycle import State
from handoffs.models import Case, Handoff, Turn
from tenants.models import Member, Organization, Team
from tenants.refusals import Refusal
from tenants.scope import scope
from tests.handoffs.flows.some import DECISIONS
from tests.world import World

TEAMS = {"maker": "Onboarding", "checker": "Sales", "payer": "Support"}
PEOPLE = ("ana", "max", "ben", "bo", "lea", "sam", "sue", "mo", "olga")
LATER = timedelta(days=400)


@dataclass
class Cast:
    """Everybody as one thread knows them, with their standing."""

    people: dict[int, Member]
    by_team: dict[int, list[Member]]
    system: Member
    mo: Member
    now: datetime

    @classmethod
    def of(cls, world: World) -> "Cast":
        people = [getattr(world, name) for name in PEOPLE]
        by_team: dict[int, list[Member]] = {}
        for member in people:
            for team in member.standing.team_ids:
                by_team.setdefault(team, []).append(member)
        return cls({member.pk: member for member in people}, by_team, world.system, world.mo, world.now)


@dataclass
class Went:
    """What happened: how often each thing was done or refused, and what nobody expected."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unexpected: list[BaseException] = field(default_factory=list)


def result_of(handoff: Handoff) -> dict[str, Any]:
    """What this handoff is completed with, whoever does it and whenever: so it can be known afterwards."""
    dice = random.Random(handoff.pk)
    said: dict[str, Any] = {"decision": dice.choice(DECISIONS)}
    if dice.random() < 0.7:
        said["amount"] = str(dice.randint(0, 2000))
    if dice.random() < 0.5:
        said["ready"] = dice.random() < 0.5
    if dice.random() < 0.3:
        said["remark"] = dice.choice(("fine", "to be done again"))
    return said


def launched(organization: Organization, plan: Plan, name: str) -> Case:
    """A case of a flow with this plan, written and published for it."""
    with scope(organization):
        world = World(organization)
        version = create_flow(name=name, document=written(plan), by=world.olga, at=world.now)
        version = publish_flow(version=version, by=world.olga, at=world.now)
        casting: dict[str, tuple[Team, None]] = {role: (world.team(team), None) for role, team in TEAMS.items()}
        return cases.launch(
            version, by=world.ana, at=world.now, workspace=world.projects, title="Any", casting=casting, owner=world.mo
        )


def go(organization: Organization, case: Case, seed: int, acts: int, threads: int = 3) -> Went:
    """Several threads do what comes to their mind with the case, each `acts` times."""
    went, start = Went(), threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        for number in range(threads):
            pool.submit(_play, organization, case, random.Random(f"{seed} {number}"), acts, start, went)
    return went


def finish(organization: Organization, case: Case) -> None:
    """One after the other completes what is live, until nothing is."""
    dice, went = random.Random(7), Went()
    with scope(organization):
        cast = Cast.of(World(organization))
    for _ in range(600):
        with scope(organization):
            if not Case.objects.get(pk=case.pk).is_running:
                return
        act(organization, case, cast, dice, went, only=_carry_on)
        assert went.refused == []
    raise AssertionError("the case never ends")


def _play(
    organization: Organization, case: Case, dice: random.Random, acts: int, start: threading.Barrier, went: Went
) -> None:
    try:
        with scope(organization):
            cast = Cast.of(World(organization))
        start.wait(timeout=30)
        for _ in range(acts):
            act(organization, case, cast, dice, went)
    except BaseException as error:
        went.unexpected.append(error)
    finally:
        connection.close()


def act(
    organization: Organization,
    case: Case,
    cast: Cast,
    dice: random.Random,
    went: Went,
    only: "Callable[..., str] | None" = None,
) -> None:
    """One thing that somebody does, in a transaction of its own; what is refused changes nothing."""
    chosen = only or dice.choices(_ACTS, _WEIGHTS)[0]
    try:
        with scope(organization):
            went.done.append(chosen(case, cast, dice))
    except Refusal as refusal:
        went.refused.append(f"{chosen.__name__} {refusal.code}")


def _live(case: Case, dice: random.Random) -> Turn | None:
    live = Turn.objects.filter(case=case, state="live").select_related(
        "case", "handoff__open_offer", "handoff__custodian"
    )
    turns = list(live.order_by("id"))
    return dice.choice(turns) if turns else None


def _carry_on(case: Case, cast: Cast, dice: random.Random) -> str:
    """Whatever brings a live step on: accept it, complete it, offer it again, wake it."""
    turn = _live(case, dice)
    if turn is None:
        return "nothing"
    handoff = turn.handoff
    if handoff is None:
        assert turn.wakes_at is not None
        return f"woke {cases.wake(turn, by=cast.system, at=max(cast.now + LATER, turn.wakes_at))}"
    if handoff.status is State.RETURNED:
        team = handoff.offers.latest("seq").to_team
        actions.offer(handoff, by=cast.people[handoff.custodian_id or 0], at=cast.now, to_team=team)
        return "offer"
    if handoff.open_offer is not None:
        taker = _receiver(handoff, cast, dice)
        actions.accept(handoff, by=taker, at=cast.now)
        return "accept"
    assert handoff.custodian_id is not None
    actions.complete(handoff, by=cast.people[handoff.custodian_id], at=cast.now, result=result_of(handoff))
    return "complete"


def _receiver(handoff: Handoff, cast: Cast, dice: random.Random) -> Member:
    offer = handoff.open_offer
    assert offer is not None
    if offer.to_member_id is not None:
        return cast.people[offer.to_member_id]
    return dice.choice([m for m in cast.by_team[offer.to_team_id] if m.pk != handoff.custodian_id])


def _return(case: Case, cast: Cast, dice: random.Random) -> str:
    turn = _live(case, dice)
    if turn is None or turn.handoff is None or turn.handoff.open_offer is None:
        return "nothing"
    by = _receiver(turn.handoff, cast, dice)
    actions.return_(turn.handoff, by=by, at=cast.now, reason="Not like this")
    return "return"


def _send_back(case: Case, cast: Cast, dice: random.Random) -> str:
    turn = _live(case, dice)
    done = list(Turn.objects.filter(case=case, state="done", undone_at=None, handoff__isnull=False).order_by("id"))
    if turn is None or turn.handoff is None or not done:
        return "nothing"
    handoff, to = turn.handoff, dice.choice(done).step
    by = _receiver(handoff, cast, dice) if handoff.open_offer else cast.people[handoff.custodian_id or 0]
    cases.send_back(handoff, by=by, at=cast.now, to_step=to, reason="Not like this")
    return "send_back"


def _reopen(case: Case, cast: Cast, dice: random.Random) -> str:
    done = Turn.objects.filter(case=case, state="done", handoff__isnull=False).select_related("handoff").order_by("id")
    turns = list(done)
    if not turns:
        return "nothing"
    handoff = dice.choice(turns).handoff
    assert handoff is not None
    actions.reopen(handoff, by=cast.people[handoff.sender_id], at=cast.now, reason="Not done after all")
    return "reopen"


def _skip(case: Case, cast: Cast, dice: random.Random) -> str:
    turn = _live(case, dice)
    if turn is None:
        return "nothing"
    cases.skip(case, step=turn.step, by=cast.mo, at=cast.now, reason="Not this time")
    return "skip"


def _cancel(case: Case, cast: Cast, dice: random.Random) -> str:
    cases.cancel_case(case, by=cast.mo, at=cast.now, reason="Not needed")
    return "cancel"


_ACTS: list[Callable[..., str]] = [_carry_on, _return, _send_back, _reopen, _skip, _cancel]
_WEIGHTS = [80, 4, 5, 4, 6, 0.4]
