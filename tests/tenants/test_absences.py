"""Absences: recorded by those who may, without overlaps, and who stands in meanwhile."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tenants.actions import (
    add_absence,
    cancel_absence,
    change_absence,
    change_hours,
    change_role,
    create_calendar,
    leave,
    remove_from_team,
    revoke,
)
from tenants.models import Absence, Member, Organization, Role
from tenants.refusals import Conflict, Forbidden, Invalid, Refusal
from tenants.scope import everyone
from tenants.standing_in import stand_in
from tests.world import WORK, World

DAY = timedelta(days=1)


def away(world: World, name: str, *, by: str = "", days: int = 5, after: int = 0, **more: Any) -> Absence:
    """From `after` days on, for some days."""
    member = getattr(world, name)
    start = world.now + after * DAY
    given = {"starts_at": start, "ends_at": start + days * DAY, "by": getattr(world, by or name), "at": world.now}
    if isinstance(more.get("substitute"), str):
        more["substitute"] = getattr(world, more["substitute"])
    return add_absence(member=member, **{**given, **more})


def again(member: Member) -> Member:
    return Member.objects.select_related("user", "organization").get(pk=member.pk)


@pytest.mark.parametrize("by", ["ben", "lea", "olga"])
def test_one_is_away_from_its_first_instant_to_its_last(world: World, by: str) -> None:
    absence = away(world, "ben", by=by, after=1, words=" Holidays ")
    assert (absence.words, absence.recorded_by.name.lower(), absence.recorded_at) == ("Holidays", by, world.now)
    ben, instant = again(world.ben), timedelta(microseconds=1)
    told = [absence.starts_at - instant, absence.starts_at, absence.ends_at - instant, absence.ends_at]
    assert [ben.is_away(at) for at in told] == [False, True, True, False]
    here = Member.objects.filter(organization=world.organization, name="Ben")
    assert [here.away(at).exists() for at in told] == [False, True, True, False]
    assert [here.working(at).exists() for at in told] == [True, False, False, True]


@pytest.mark.parametrize("by", ["bo", "ana", "max", "mo", "vic", "cleo"])
def test_others_do_not_decide_when_somebody_is_away(world: World, by: str) -> None:
    absence = away(world, "ben")
    for attempt in (
        lambda: away(world, "ben", by=by, after=10),
        lambda: cancel_absence(absence=absence, by=getattr(world, by), at=world.now),
        lambda: change_absence(
            absence=absence,
            starts_at=world.now,
            ends_at=world.now + DAY,
            by=getattr(world, by),
            at=world.now,
        ),
    ):
        with pytest.raises(Forbidden) as refusal:
            attempt()
        assert refusal.value.code == "not_their_lead"
    assert Absence.objects.get().cancelled_at is None


def test_twice_is_once_and_two_do_not_overlap(world: World) -> None:
    first = away(world, "ben")
    assert away(world, "ben") == first
    for after, days in ((-1, 2), (4, 5), (1, 1), (-1, 9)):
        with pytest.raises(Conflict, match="away from") as refusal:
            away(world, "ben", after=after, days=days)
        assert refusal.value.code == "absence_overlaps"
    assert away(world, "ben", after=5).starts_at == first.ends_at
    assert away(world, "bo").member == world.bo  # another member's are another matter


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"days": 0}, "absence_backwards"),
        ({"days": -3}, "absence_backwards"),
        ({"after": -9}, "absence_over"),
        ({"days": 9999}, "absence_too_long"),
        ({"substitute": "ben"}, "substitute_self"),
        ({"substitute": "vic"}, "substitute_unable"),
        ({"substitute": "cleo"}, "substitute_unable"),
        ({"words": "x" * 201}, "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        away(world, "ben", **given)
    assert refusal.value.code == code
    assert not Absence.objects.exists()


def test_somebody_of_another_organization_is_not_here(world: World) -> None:
    with everyone():
        stan = Member.objects.get(name="Stan")
    with pytest.raises(Invalid, match="no such member"):
        away(world, "ben", substitute=stan)
    with pytest.raises(Invalid, match="no such member"):
        add_absence(member=stan, starts_at=world.now, ends_at=world.now + DAY, by=world.olga, at=world.now)


def test_a_cancelled_absence_stays_on_record_and_one_is_here_again(world: World) -> None:
    absence = away(world, "ben", days=10)
    back = world.later(days=2)
    first = cancel_absence(absence=absence, by=world.ben, at=back)
    assert cancel_absence(absence=absence, by=world.olga, at=world.later(days=1)).cancelled_at == first.cancelled_at
    ben = again(world.ben)
    assert not ben.is_away(back)
    in_force = Absence.objects.filter(member=ben)
    assert in_force.in_force(back - DAY).exists()  # they were away then, whatever was decided later
    assert not in_force.in_force(back).exists()
    with pytest.raises(Conflict, match="has been cancelled"):
        change_absence(absence=absence, starts_at=back, ends_at=back + DAY, by=ben, at=back)


def test_what_is_over_is_not_cancelled(world: World) -> None:
    absence = away(world, "ben")
    with pytest.raises(Conflict, match="is over") as refusal:
        cancel_absence(absence=absence, by=world.ben, at=world.later(days=5))
    assert refusal.value.code == "absence_over"


def test_other_dates_make_another_row(world: World) -> None:
    absence = away(world, "ben", substitute="bo")
    same = {"starts_at": absence.starts_at, "ends_at": absence.ends_at, "substitute": world.bo}
    assert change_absence(absence=absence, by=world.ben, at=world.now, **same) == absence
    longer = {**same, "ends_at": absence.ends_at + DAY}
    made = change_absence(absence=absence, by=world.lea, at=world.later(days=1), **longer)
    absence.refresh_from_db()
    assert (absence.cancelled_by, made.recorded_by) == (world.lea, world.lea)
    assert again(world.ben).is_away(made.ends_at - DAY / 2)


def test_a_refused_change_leaves_the_absence(world: World) -> None:
    absence = away(world, "ben")
    with pytest.raises(Invalid):
        change_absence(absence=absence, starts_at=world.now, ends_at=world.now, by=world.ben, at=world.now)
    absence.refresh_from_db()
    assert absence.cancelled_at is None


def test_substitutes_of_substitutes_are_followed_a_few_steps(world: World) -> None:
    away(world, "ben", substitute="bo")
    assert stand_in(again(world.ben), world.now) == world.bo
    away(world, "bo", substitute="lea")
    assert stand_in(again(world.ben), world.now) == world.lea
    assert stand_in(again(world.ben), world.now, fits=lambda found: found != world.lea) is None
    away(world, "lea", substitute="ben")  # round in a circle
    assert stand_in(again(world.ben), world.now) is None
    assert stand_in(again(world.bo), world.now - DAY) is None  # nobody was away then


def test_a_substitute_who_departed_stands_in_no_more(world: World) -> None:
    away(world, "ben", substitute="bo")
    user = world.bo.user
    assert user is not None
    user.is_active = False
    user.save()
    assert stand_in(again(world.ben), world.now) is None


def test_a_chain_that_is_too_long_ends(world: World) -> None:
    names = ["ben", "bo", "lea", "sam", "sue", "ana", "max"]
    for name, substitute in pairwise(names):
        away(world, name, substitute=substitute)
    assert stand_in(again(world.ben), world.now) is None
    assert stand_in(again(world.sam), world.now) == world.max


def test_the_database_holds_what_it_can(world: World) -> None:
    absence = away(world, "ben")
    wrong: list[dict[str, Any]] = [
        {"ends_at": absence.starts_at},
        {"substitute_id": absence.member_id},
        {"cancelled_at": world.now},
        {"cancelled_by": world.ben},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=absence.pk).update(**values)
    with everyone():
        stan = Member.objects.get(name="Stan")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        Absence.objects.filter(pk=absence.pk).update(substitute_id=stan.pk)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_own_hours_are_given_by_leads_and_those_who_run_the_organization(world: World) -> None:
    hours = {"mon": [["08:00", "12:00"]]}
    mornings = create_calendar(name="Mornings", zone="UTC", hours=hours, by=world.olga, at=world.now)
    for by in (world.lea, world.olga):
        assert change_hours(member=world.ben, calendar=mornings, by=by, at=world.now).calendar == mornings
    for by in (world.ben, world.bo, world.max):
        with pytest.raises(Forbidden):
            change_hours(member=world.ben, calendar=None, by=by, at=world.now)
    assert change_hours(member=world.ben, calendar=None, by=world.lea, at=world.now).calendar is None


def test_what_may_leave_somebody_unable_to_act_is_counted(world: World) -> None:
    def revision() -> int:
        return Organization.objects.get(pk=world.organization.pk).standing_revision

    support, before = world.team("Support"), revision()
    away(world, "ben")  # the worker sees that begin by its own dates
    assert revision() == before
    changes = [
        lambda: remove_from_team(team=support, member=world.sue, by=world.olga, at=world.now),
        lambda: revoke(workspace=world.projects, to=support, permissions=WORK, by=world.olga, at=world.now),
        lambda: change_role(member=world.sue, role=Role.VIEWER, by=world.olga, at=world.now),
        lambda: leave(member=world.sue, by=world.olga, at=world.now),
    ]
    for number, change in enumerate(changes, start=1):
        change()
        assert revision() == before + number
