"""What rests with somebody who cannot act moves to somebody who can, and everybody concerned is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from handoffs import actions, relief
from handoffs.custody.stranded import burdened, stranded, unanswerable
from handoffs.lifecycle import State, Verb
from handoffs.models import Custody, Event, Handoff, Notice, Offer
from handoffs.refusals import Forbidden, Refusal
from handoffs.schedule import look_after_those_who_cannot_act
from tenants.access import Permission
from tenants.actions import (
    add_absence,
    cancel_absence,
    change_lead,
    change_role,
    grant,
    leave,
    remove_from_team,
    revoke,
)
from tenants.models import Absence, Member, Organization, Role
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import WORK, World

DAY = timedelta(days=1)


@pytest.fixture
def today(world: World) -> World:
    """The worker reads the real clock, so these stories happen now."""
    world.now = timezone.now()
    return world


def away(world: World, name: str, substitute: str = "", days: int = 5) -> Absence:
    member = getattr(world, name)
    stands_in = getattr(world, substitute) if substitute else None
    given = {"starts_at": world.now, "ends_at": world.now + days * DAY, "substitute": stands_in}
    return add_absence(member=member, by=member, at=world.now, **given)


def settle(at: datetime | None = None) -> list[str]:
    """One look by the pacemaker, and the worker until its queue is empty."""
    with nowhere():
        look_after_those_who_cannot_act(None, at or timezone.now())
    return work_off()


def to_ben(world: World) -> Handoff:
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    return actions.offer(made, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben)


def holder(handoff: Handoff) -> Member | None:
    return Handoff.objects.select_related("custodian").get(pk=handoff.pk).custodian


def receiver(handoff: Handoff) -> tuple[str, str | None]:
    offer = Offer.objects.open().select_related("to_team", "to_member").get(handoff=handoff)
    return offer.to_team.name, offer.to_member.name if offer.to_member else None


def deactivate(member: Member) -> None:
    assert member.user is not None
    member.user.is_active = False
    member.user.save()


def test_the_lead_takes_over_from_somebody_who_is_away_and_all_are_told(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    away(today, "ben", "bo")
    assert settle().count("relieve") == 1
    assert holder(handoff) == today.lea
    row = Custody.objects.get(handoff=handoff, ended_at=None)
    assert (row.verb, row.team) == (Verb.TAKE_OVER, today.team("Onboarding"))
    event = Event.objects.get(handoff=handoff, verb=Verb.TAKE_OVER)
    assert event.by == today.system
    assert event.facts["reason"].startswith("Ben is away until ")
    told = Notice.objects.filter(event=event).values_list("member__name", flat=True)
    assert set(told) == {"Lea", "Ben", "Ana"}


def test_nobody_in_hand_and_nothing_happens_twice(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    away(today, "ben")
    settle()
    seq = Handoff.objects.get(pk=handoff.pk).ledger_seq
    relief.relieve(today.organization.id, handoff.id, timezone.now())
    assert settle() == []
    assert Handoff.objects.get(pk=handoff.pk).ledger_seq == seq


def test_an_absence_to_come_moves_nothing_until_it_begins(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    work_off()
    start = timezone.now() + DAY
    add_absence(member=today.ben, starts_at=start, ends_at=start + DAY, by=today.ben, at=timezone.now())
    assert "relieve" not in settle()
    assert holder(handoff) == today.ben
    with nowhere():
        look_after_those_who_cannot_act(None, start)
    assert [job for job, _ in queued()] == ["look_after"]
    assert Absence.objects.get().begun_at == start


@pytest.mark.parametrize(
    ("absent", "heir"),
    [
        (["ben"], "lea"),
        (["lea", "ben"], "bo"),  # the lead is away as well: who stands in
        (["lea", "bo", "ben"], "sam"),  # and so is who stands in: the backup team's lead
        (["lea", "bo", "sam", "ben"], "mo"),  # the manager of the workspace
        (["lea", "bo", "sam", "mo", "ben"], "olga"),  # the owner
    ],
)
def test_custody_goes_to_the_nearest_who_is_here(today: World, absent: list[str], heir: str) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    for name in absent:
        away(today, name, "bo" if name == "ben" else "")
    relief.relieve(today.organization.id, handoff.id, today.now)
    assert holder(handoff) == getattr(today, heir)


def test_when_nobody_at_all_is_here_it_waits_for_the_first(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    for name in ("lea", "sam", "mo", "ben"):
        away(today, name)
    absence = away(today, "olga")
    settle()
    assert holder(handoff) == today.ben
    assert settle() == []  # nobody is asked for over and over
    cancel_absence(absence=absence, by=today.olga, at=timezone.now())
    settle()
    assert holder(handoff) == today.olga


@pytest.mark.parametrize(
    ("undo", "sentence"),
    [
        (lambda w: deactivate(w.ben), "Ben cannot sign in any more."),
        (lambda w: leave(member=w.ben, by=w.olga, at=w.now), "Ben has left."),
        (lambda w: change_role(member=w.ben, role=Role.VIEWER, by=w.olga, at=w.now), "Ben only looks by now."),
        (
            lambda w: remove_from_team(team=w.team("Onboarding"), member=w.ben, by=w.lea, at=w.now),
            "Ben may no longer work in Projects.",
        ),
    ],
    ids=["deactivated", "left", "viewer", "removed"],
)
def test_whoever_can_act_no_more_is_relieved(today: World, undo: Any, sentence: str) -> None:
    held, reserved = today.handoff(at=State.STARTED), to_ben(today)
    today.now = timezone.now()
    undo(today)
    settle()
    assert holder(held) == today.lea
    assert Event.objects.get(handoff=held, verb=Verb.TAKE_OVER).facts["reason"] == sentence
    assert receiver(reserved) == ("Onboarding", None)


def test_a_team_that_may_work_there_no_more_hands_everything_on(today: World) -> None:
    held, offered = today.handoff(at=State.STARTED), today.handoff(at=State.OFFERED)
    today.now = timezone.now()
    revoke(workspace=today.projects, to=today.team("Onboarding"), permissions=WORK, by=today.olga, at=today.now)
    settle()
    assert holder(held) == today.sam  # nobody of Onboarding may: the lead of its backup
    assert receiver(offered) == ("Support", None)


def test_who_may_still_send_keeps_what_they_hold(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    only = [Permission.RECEIVE]
    revoke(workspace=today.projects, to=today.team("Onboarding"), permissions=only, by=today.olga, at=today.now)
    settle()
    assert holder(handoff) == today.ben


def test_an_offer_to_one_who_is_away_goes_to_who_stands_in(today: World) -> None:
    handoff = to_ben(today)
    work_off()
    away(today, "ben", "bo")
    settle()
    assert receiver(handoff) == ("Onboarding", "Bo")
    event = Event.objects.get(handoff=handoff, verb=Verb.REDIRECT)
    assert event.by == today.system
    told = set(Notice.objects.filter(event=event).values_list("member__name", flat=True))
    assert told == {"Ana", "Bo", "Ben"}


def test_who_stands_in_may_be_in_another_team(today: World) -> None:
    handoff = to_ben(today)
    away(today, "ben", "sue")
    settle()
    assert receiver(handoff) == ("Support", "Sue")


def test_an_offer_to_a_team_of_which_nobody_is_here_goes_to_its_backup_or_comes_back(today: World) -> None:
    offered, alone = today.handoff(at=State.OFFERED), today.handoff(at=State.OFFERED, to="Support")
    today.now = timezone.now()
    for name in ("ben", "bo", "lea", "sam", "sue"):
        away(today, name)
        if name == "lea":
            settle()
            assert receiver(offered) == ("Support", None)
    settle()
    for handoff in (offered, alone):
        handoff.refresh_from_db()
        assert (handoff.state, handoff.custodian) == (State.RETURNED, today.ana)
        event = Event.objects.of(handoff.id).last()
        assert event is not None
        assert (event.verb, event.by) == (Verb.RETURN, today.system)
        assert event.facts["reason"] == "Nobody in Support can take work at present."


def test_an_offer_that_one_colleague_can_still_accept_stays(today: World) -> None:
    handoff = today.handoff(at=State.OFFERED)
    today.now = timezone.now()
    away(today, "ben")
    away(today, "lea")
    settle()
    assert receiver(handoff) == ("Onboarding", None)


def test_the_new_holder_is_not_the_only_one_asked(today: World) -> None:
    """Ana is away; her lead Max holds it now, and it was Max alone whom she had asked."""
    made = actions.draft(today.projects, by=today.ana, at=today.now, title="For Max")
    actions.offer(made, by=today.ana, at=today.now, to_team=today.team("Sales"), to_member=today.max)
    away(today, "ana")
    settle()
    made.refresh_from_db()
    assert (made.state, made.custodian) == (State.RETURNED, today.max)


def test_an_acceptance_that_came_first_is_not_undone(today: World) -> None:
    handoff = to_ben(today)
    away(today, "ana", days=2)
    found = list(stranded(today.organization.id, timezone.now()))
    assert found == [handoff]
    actions.accept(handoff, by=today.ben, at=timezone.now())
    relief.relieve(today.organization.id, handoff.id, timezone.now())
    assert holder(handoff) == today.ben


def test_clients_stand_in_for_clients(today: World) -> None:
    made = actions.draft(today.northwind, by=today.carl, at=today.now, title="Our papers")
    today.now = timezone.now()
    away(today, "carl")
    settle()
    assert holder(made) == today.cleo


def test_somebody_away_is_not_asked_and_the_sentence_names_who_stands_in(world: World) -> None:
    absence = away(world, "ben", "bo")
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    asked = {"to_team": world.team("Onboarding"), "to_member": world.ben}
    with pytest.raises(Refusal) as refusal:
        actions.offer(made, by=world.ana, at=world.now, **asked)
    assert str(refusal.value) == "Ben is away until 21 November 2026. Bo stands in: ask them instead."
    assert refusal.value.code == "receiver_away"
    assert refusal.value.details["substitute_id"] == world.bo.pk
    cancel_absence(absence=absence, by=world.ben, at=world.now)
    world._people.clear()
    asked["to_member"] = world.ben
    assert actions.offer(made, by=world.ana, at=world.now, **asked).state == State.OFFERED


def test_a_team_of_which_nobody_is_here_is_not_asked(world: World) -> None:
    for name in ("ben", "bo", "lea"):
        away(world, name)
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For nobody")
    with pytest.raises(Refusal, match="nobody else in it can take work at present"):
        actions.offer(made, by=world.ana, at=world.now, to_team=world.team("Onboarding"))


def test_who_is_away_begins_nothing_and_ends_their_absence_first(world: World) -> None:
    handoff, held = world.handoff(at=State.OFFERED), world.handoff(at=State.STARTED)
    absences = [away(world, name) for name in ("ben", "lea", "ana")]
    world._people.clear()
    attempts = [
        lambda: actions.accept(handoff, by=world.ben, at=world.now),
        lambda: actions.take_over(held, by=world.lea, at=world.now, reason="Mine"),
        lambda: actions.draft(world.projects, by=world.ana, at=world.now, title="New"),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal, match="You are recorded as away until 21 November 2026") as refusal:
            attempt()
        assert refusal.value.code == "you_are_away"
    for absence in absences:
        cancel_absence(absence=absence, by=world.olga, at=world.now)
    world._people.clear()
    for attempt in attempts:
        attempt()


def test_nobody_but_the_system_returns_for_others(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with pytest.raises(Forbidden):
        actions.return_(handoff, by=world.olga, at=world.now, reason="No")


def test_a_change_is_looked_after_once(today: World) -> None:
    settle()
    remove_from_team(team=today.team("Onboarding"), member=today.ben, by=today.lea, at=today.now)
    assert settle() == ["look_after"]
    assert settle() == []
    row = Organization.objects.get(pk=today.organization.pk)
    assert row.standing_settled == row.standing_revision


def test_a_lead_who_is_away_hands_over_and_leads_on(today: World) -> None:
    made = actions.draft(today.projects, by=today.lea, at=today.now, title="Lea's own")
    away(today, "lea", "bo")
    settle()
    assert holder(made) == today.bo
    assert today.team("Onboarding").lead == today.lea


def test_queries_find_nothing_while_all_are_well(world: World) -> None:
    for state in (State.DRAFT, State.OFFERED, State.STARTED, State.ON_HOLD, State.RETURNED, State.COMPLETED):
        world.handoff(at=state)
    assert not stranded(world.organization.id, world.now).exists()
    assert not unanswerable(world.organization.id, world.now).exists()
    assert not burdened(world.now).exists()


def test_a_personal_grant_is_enough(today: World) -> None:
    handoff = today.handoff(at=State.STARTED)
    today.now = timezone.now()
    grant(workspace=today.projects, to=today.ben, permissions=WORK, by=today.olga, at=today.now)
    remove_from_team(team=today.team("Onboarding"), member=today.ben, by=today.lea, at=today.now)
    settle()
    assert holder(handoff) == today.ben
    change_lead(team=today.team("Onboarding"), lead=today.bo, by=today.olga, at=today.now)
    revoke(workspace=today.projects, to=today.ben, permissions=WORK, by=today.olga, at=today.now)
    settle()
    assert holder(handoff) == today.bo


def test_what_was_replayed_from_a_log_stays_with_its_people(today: World) -> None:
    made = actions.draft(today.projects, by=today.ana, at=today.now, title="From a log", imported=True)
    actions.offer(made, by=today.ana, at=today.now, to_team=today.team("Onboarding"), to_member=today.ben)
    deactivate(today.ana)
    deactivate(today.ben)
    with nowhere():
        look_after_those_who_cannot_act(None, timezone.now())
    assert str(today.organization.id) not in [args[0] for _, args in queued()]
    assert holder(made) == today.ana
    assert receiver(made) == ("Onboarding", "Ben")
