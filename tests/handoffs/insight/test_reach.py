"""A ladder walked through the next 30 days, with the people of Fjord."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.actions.templates import create_ladder, prove_due, prove_ladder, revise_ladder
from handoffs.departing import depart
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.models import Bounce, Ladder, Proof
from handoffs.schedule import prove_ladders
from tenants.access import Permission
from tenants.actions import (
    add_absence,
    add_to_team,
    cancel_absence,
    change_lead,
    create_calendar,
    create_team,
    grant,
    remove_from_team,
    update_team,
)
from tenants.models import Absence, Member, Organization, User
from tenants.refusals import Refusal
from tenants.scope import everyone
from tests.handoffs.worker import nowhere, queued, work_off
from tests.pinned import pinned
from tests.world import World

DAY = timedelta(days=1)
RECEIVERS, MANAGERS = (Audience.RECEIVERS,), (Audience.MANAGERS,)
ONBOARDING = ("ben", "bo", "lea")


@pytest.fixture
def standard(world: World) -> Ladder:
    return Ladder.objects.get(organization=world.organization, is_standard=True)


def away(world: World, *names: str, days: float = 7, **given: Any) -> list[Absence]:
    """These are away from tomorrow, Tuesday 17 November 08:00, on."""
    start = world.now + DAY
    return [
        add_absence(
            member=getattr(world, n), starts_at=start, ends_at=start + days * DAY, by=world.olga, at=world.now, **given
        )
        for n in names
    ]


def found(world: World, ladder: Ladder, kind: str = "fault") -> list[str]:
    proof = prove_ladder(ladder=ladder, by=world.olga, at=world.now)
    sentences = [each["sentence"] for each in proof.findings if each["kind"] == kind]
    assert len(sentences) == {"fault": proof.faults, "remark": proof.remarks}[kind]
    return sentences


def bounce(member: Member, at: datetime) -> None:
    """Mail to this member comes back."""
    assert member.user is not None
    Bounce.objects.create(
        organization=member.organization, member=member, channel="mail", address=member.user.email, since=at
    )


def ladder_of(world: World, *audiences: tuple[Audience, ...], **named: int) -> Ladder:
    """A ladder whose last rung is never empty, as each must be: receiving lead and managers together."""
    rungs = [RungSpec(Decimal(n), who) for n, who in enumerate(audiences, start=1)]
    last = RungSpec(Decimal(9), (Audience.RECEIVING_LEAD, Audience.MANAGERS))
    if named:
        rungs.append(RungSpec(Decimal(8), (), **named))  # type: ignore[arg-type]
    return create_ladder(name="Of a test", rungs=[*rungs, last], by=world.olga, at=world.now)


def test_all_is_well(world: World, standard: Ladder) -> None:
    proof = prove_ladder(ladder=standard, by=world.olga, at=world.now)
    assert (proof.faults, proof.remarks, proof.findings) == (0, 0, [])
    assert proof.lanes == 7  # three teams in each of two workspaces, and the office in the first
    assert proof.until == world.now + 30 * DAY


def test_a_whole_team_away_is_a_gap_and_the_managers_are_there(world: World, standard: Ladder) -> None:
    away(world, *ONBOARDING)
    assert found(world, standard) == [
        "Rung 1 reaches nobody for Onboarding in Northwind, and Onboarding in Projects from Tuesday 17 November 09:00 "
        "to Monday 23 November 17:00, because Ben, Bo and Lea are away until Tuesday 24 November 08:00."
    ]


def test_one_of_them_who_stays_is_enough(world: World, standard: Ladder) -> None:
    away(world, "ben", "bo")
    assert found(world, standard) == []


def test_an_absence_that_is_cancelled_is_none(world: World, standard: Ladder) -> None:
    ben, *_ = away(world, *ONBOARDING)
    cancel_absence(absence=ben, by=world.olga, at=world.now)
    assert found(world, standard) == []


def test_each_reason_stands_in_the_sentence(world: World, standard: Ladder) -> None:
    away(world, "ben", days=2)
    bounce(world.bo, world.now)
    User.objects.filter(pk=world.lea.user_id).update(is_active=False)
    (sentence,) = found(world, standard)
    assert "to Wednesday 18 November 17:00" in sentence
    assert "Ben is away until Thursday 19 November 08:00" in sentence
    assert "Bo has no address that mail reaches" in sentence
    assert "Lea cannot sign in" in sentence


def test_who_stands_in_closes_it_where_they_may_receive(world: World, standard: Ladder) -> None:
    away(world, *ONBOARDING, substitute=world.sam)  # Sam receives in Projects, and not in Northwind
    (sentence,) = found(world, standard)
    assert "for Onboarding in Northwind from" in sentence
    assert "Projects" not in sentence


def test_who_stands_in_and_is_in_no_team_can_be_offered_nothing(world: World, standard: Ladder) -> None:
    away(world, *ONBOARDING, substitute=world.olga)
    now = {"by": world.olga, "at": world.now}
    assert found(world, standard) == []
    change_lead(team=world.team("Office"), lead=world.mo, **now)
    remove_from_team(team=world.team("Office"), member=world.olga, **now)
    assert len(found(world, standard)) == 1


def test_who_stands_in_and_is_away_too_closes_nothing(world: World, standard: Ladder) -> None:
    away(world, *ONBOARDING, substitute=world.sam)
    away(world, "sam")
    (sentence,) = found(world, standard)
    assert "Onboarding in Projects" in sentence


def test_a_manager_who_is_away_leaves_a_gap_until_there_is_another(world: World) -> None:
    ladder = ladder_of(world, MANAGERS)
    away(world, "mo")
    (sentence,) = found(world, ladder)  # Northwind has none, so the owner is there for it
    assert "Rung 1 reaches nobody for Onboarding, Sales and Support in Projects from" in sentence
    grant(workspace=world.projects, to=world.nils, permissions=[Permission.MANAGE], by=world.olga, at=world.now)
    assert found(world, ladder) == []


def test_an_owner_whom_no_mail_reaches(world: World, standard: Ladder) -> None:
    bounce(world.olga, world.now)
    (sentence,) = found(world, standard)
    assert sentence.startswith(
        "Rung 3 reaches nobody for Northwind, Onboarding and Sales in Northwind, and Office in Our work"
    )
    assert sentence.endswith("because Olga has no address that mail reaches.")


def test_the_only_receiver_who_is_there_leaves(world: World, standard: Ladder) -> None:
    away(world, "sam", days=40)
    assert found(world, standard) == []
    depart(member=world.sue, by=world.olga, at=world.now)
    first = found(world, standard)[0]
    assert first.startswith("Rung 1 reaches nobody for Support in Projects from")
    assert "because Sam is away until Sunday 27 December 08:00" in first


def test_a_named_member_who_leaves_or_may_not_see_it(world: World) -> None:
    ladder = ladder_of(world, member_id=world.sue.pk)
    (northwind,) = found(world, ladder)
    assert northwind.endswith("because Sue may not see Northwind.")
    depart(member=world.sue, by=world.olga, at=world.now)
    (everywhere,) = found(world, ladder)
    assert everywhere.endswith("because Sue has left.")


def test_a_named_team(world: World) -> None:
    ladder = ladder_of(world, team_id=world.team("Support").pk)
    away(world, "sam", "sue")
    sentences = found(world, ladder)
    assert any("for Support in Projects" in each or "Support" in each for each in sentences)
    assert any("Sam and Sue may not see Northwind" in each for each in sentences)
    assert any("Sam and Sue are away until Tuesday 24 November 08:00" in each for each in sentences)


@pytest.mark.parametrize("role", [Audience.CUSTODIAN, Audience.SENDER, Audience.SENDING_LEAD])
def test_the_side_that_sends(world: World, role: Audience) -> None:
    ladder = ladder_of(world, (role,))
    assert found(world, ladder) == []
    away(world, "ana", "max")
    sentences = found(world, ladder)
    assert sentences == [
        "Rung 1 reaches nobody for Northwind and Onboarding in Northwind, and Onboarding and Support in Projects "
        "(sent by Sales) from Tuesday 17 November 09:00 to Monday 23 November 17:00, because "
        + ("Max is" if role is Audience.SENDING_LEAD else "Ana and Max are")
        + " away until Tuesday 24 November 08:00."
    ]


def test_a_custodian_who_is_away_is_relieved_and_a_sender_is_not(world: World) -> None:
    away(world, "ana", "max", substitute=world.ben)
    relieved = ladder_of(world, (Audience.CUSTODIAN,))
    assert found(world, relieved) == []
    told = revise_ladder(
        ladder=relieved, rungs=[RungSpec(Decimal(1), (Audience.SENDER,)), RungSpec(Decimal(2), MANAGERS)],
        by=world.olga, at=world.now,
    )  # fmt: skip
    assert found(world, told)


def test_hours_that_do_not_meet_are_a_remark(world: World) -> None:
    night = create_calendar(
        name="Nights", zone="UTC", hours={"mon": [["20:00", "24:00"]], "tue": [["10:00", "12:00"]]},
        by=world.olga, at=world.now,
    )  # fmt: skip
    support = world.team("Support")
    update_team(team=support, name=support.name, calendar=night, backup=None, by=world.olga, at=world.now)
    ladder = ladder_of(world, MANAGERS)
    assert found(world, ladder) == []
    assert found(world, ladder, "remark") == [
        "Rung 1 reaches Mo outside of their own hours for Support in Projects from Monday 16 November 20:00 to "
        "Tuesday 17 November 00:00; they would read it at Tuesday 17 November 09:00. "
        "So it is at 4 other times in these 30 days."
    ]


def test_proved_twice_is_kept_once(world: World, standard: Ladder) -> None:
    prove_ladder(ladder=standard, by=world.olga, at=world.now)
    away(world, *ONBOARDING)
    prove_ladder(ladder=standard, by=world.olga, at=world.later(hours=1))
    proof = Proof.objects.get(ladder=standard)
    assert (proof.faults, proof.proved_at) == (1, world.now)


@pytest.mark.parametrize("name", ["ana", "mo", "lea", "vic", "cleo"])
def test_only_who_runs_the_organization_proves(world: World, standard: Ladder, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        prove_ladder(ladder=standard, by=getattr(world, name), at=world.now)
    assert refused.value.code == "not_an_admin"
    assert not Proof.objects.exists()


def test_saving_a_ladder_has_it_proved(world: World, standard: Ladder) -> None:
    made = ladder_of(world, RECEIVERS)
    assert queued() == [("prove_ladders", (str(world.organization.id),))]
    work_off()
    assert set(Proof.objects.values_list("ladder", flat=True)) == {made.pk, standard.pk}
    revised = revise_ladder(ladder=made, rungs=[RungSpec(Decimal(1), MANAGERS)], by=world.olga, at=world.now)
    work_off()
    assert Proof.objects.filter(ladder=revised).exists()


def test_every_day_the_worker_proves_what_is_in_force(world: World, standard: Ladder) -> None:
    now = timezone.now()
    prove_due(world.organization.id, now)
    assert Proof.objects.get().ladder == standard
    with nowhere(), everyone():
        elsewhere = Organization.objects.get(slug="elsewhere")
    for at, due in ((now + DAY / 2, elsewhere), (now + DAY, world.organization)):  # elsewhere has no proof at first
        with nowhere():
            prove_ladders(None, at)
        assert queued() == [("prove_ladders", (str(due.id),))]
        work_off()


def test_what_it_reads_does_not_grow(world: World, standard: Ladder) -> None:
    olga = world.olga
    with pinned("prove_ladder"):
        prove_ladder(ladder=standard, by=olga, at=world.now)
    for number in range(5):
        team = create_team(name=f"Team {number}", lead=world.ana, calendar=world.calendar, by=world.olga, at=world.now)
        for name in ("bo", "sam", "nils"):
            add_to_team(team=team, member=getattr(world, name), by=world.olga, at=world.now)
        grant(workspace=world.projects, to=team, permissions=[Permission.RECEIVE], by=world.olga, at=world.now)
        world.handoff()
    remove_from_team(team=world.team("Support"), member=world.sue, by=world.olga, at=world.now)
    away(world, *ONBOARDING, "sam", "ana")
    with pinned("prove_ladder"):
        prove_ladder(ladder=standard, by=olga, at=world.now)
    ladders = [create_ladder(name=f"Ladder {n}", by=world.olga, at=world.now) for n in range(4)]
    with CaptureQueriesContext(connection) as seen:
        prove_due(world.organization.id, world.now)
    assert Proof.objects.count() == len(ladders) + 1
    assert len(seen) <= 15
