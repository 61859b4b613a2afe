"""The demo is believable: real actions, every state, nothing in the future, nobody woken for the past."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from hypothesis import given
from hypothesis import strategies as st

from handoffs import jobs
from handoffs.custody.stranded import stranded, unanswerable
from handoffs.delivery.audience import TELLING
from handoffs.ledger.verify import faults
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Alarm, Clock, Delivery, Event, Handoff, HandoffTemplate, Message, Notice, Offer, Turn
from handoffs.queue import DRAW
from portal import welcome
from portal.demo.make import make, steps
from portal.demo.people import PASSWORD, PEOPLE, SLUG, demo_people
from portal.demo.stories import STORIES
from portal.demo.walk import instants
from tenants.arrival import organization_at
from tenants.models import Absence, Member, Organization, Team, User, Workspace
from tenants.scope import scope
from tenants.standing_in import stand_in

# Fridays and Sundays, before and after the clocks change, around holidays and at midnight.
ODD_NOWS = [
    datetime(2026, 11, 22, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 30, 6, 0, tzinfo=UTC),
    datetime(2026, 11, 2, 0, 5, tzinfo=UTC),
    datetime(2026, 12, 27, 12, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 3, 0, tzinfo=UTC),
    datetime(2027, 7, 5, 14, 0, tzinfo=UTC),
    datetime(2027, 2, 12, 22, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 10, 0, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def now() -> datetime:
    return timezone.now()


@pytest.fixture(scope="module")
def demo(
    now: datetime, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Organization]:
    """The demo as `manage.py demo` makes it, once for this file, and rolled back at its end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "HANDRAIL_DOCUMENTS_ROOT", tmp_path_factory.mktemp("documents"))
        done: list[int] = []
        organization = make(now, done.append)
        assert sum(done) == steps()
        with scope(organization):
            yield organization
        transaction.set_rollback(True)


def test_it_is_a_firm_with_two_clients_and_teams_in_three_time_zones(demo: Organization) -> None:
    assert demo.is_demo
    teams = Team.objects.select_related("calendar")
    internal = [team for team in teams if not team.is_client]
    assert len(internal) == 4
    assert len({team.calendar.zone for team in internal} - {"UTC"}) == 3
    assert Workspace.objects.filter(kind="client").count() == 2
    assert Member.objects.people().count() == len(PEOPLE)


def test_luis_is_going_on_holiday_and_everybody_can_act_meanwhile(demo: Organization, now: datetime) -> None:
    absence = Absence.objects.select_related("member__organization").get()
    assert not absence.member.is_away(now)
    substitute = stand_in(absence.member, absence.starts_at)
    assert substitute is not None
    assert substitute.name == "Grace Kim"
    assert not stranded(demo.pk, now).exists()
    assert not unanswerable(demo.pk, now).exists()


def test_some_forty_handoffs_are_in_every_state(demo: Organization) -> None:
    assert 38 <= Handoff.objects.filter(case=None).count() <= 50
    assert set(Handoff.objects.values_list("state", flat=True)) == set(State)
    assert set(Offer.objects.values_list("state", flat=True)) == set(OfferState)


def test_three_cases_are_on_their_way(demo: Organization) -> None:
    live = Turn.objects.filter(case__state="running", state="live").order_by("case__number", "step")
    assert list(live.values_list("case__flow_version__flow__starter", "step")) == [
        ("client_onboarding", "collect"),
        ("change_approval", "business"),
        ("incident_handover", "work_europe"),
    ]


def test_every_step_was_done_and_every_verb_is_there_to_be_seen(demo: Organization) -> None:
    told = sum(len(story.steps) for story in STORIES)
    by_people = Event.objects.filter(by__kind=Member.Kind.PERSON, handoff__case=None)
    # A view after the first one is no event.
    views = sum(step.verb == Verb.VIEW for story in STORIES for step in story.steps)
    assert told - views <= by_people.count() <= told
    assert set(Event.objects.values_list("verb", flat=True)) == set(Verb) - {Verb.RECOMPUTE}


def test_nothing_is_in_the_future_and_everything_within_the_last_weeks(demo: Organization, now: datetime) -> None:
    at = sorted(Event.objects.values_list("at", flat=True))
    assert now - timedelta(days=31) < at[0] < now - timedelta(days=20)
    assert at[-1] <= now
    assert not Notice.objects.filter(created_at__gt=now).exists()
    assert not Handoff.objects.filter(state=State.ON_HOLD, held_until__lt=now + timedelta(days=1)).exists()


def test_the_ledger_is_whole(demo: Organization) -> None:
    assert list(faults(demo.id)) == []


def test_nobody_is_written_to_for_the_past(demo: Organization, now: datetime) -> None:
    telling = Event.objects.filter(verb__in=sorted(TELLING))
    assert Delivery.objects.filter(event__in=telling).count() == telling.count()
    assert Notice.objects.exists()
    assert not Notice.objects.filter(read_at=None, created_at__lt=now - timedelta(days=1)).exists()
    assert Notice.objects.filter(read_at=None).exists()
    assert not Message.objects.exists()
    assert not _queued_for(demo)
    assert not Clock.objects.filter(next_alarm_at__lte=now).exists()
    assert not Alarm.objects.filter(raised_at=None).exists()
    jobs.tick(now)
    assert set(_queued_for(demo)) <= {DRAW}, "the worker finds nothing to catch up with but pictures to draw"
    assert mail.outbox == []


def _queued_for(organization: Organization) -> list[str]:
    """The tasks that wait for this organization; others may have committed tasks of their own."""
    tasks = [row.task for row in OrmQ.objects.all()]
    return [task["func"] for task in tasks if str(organization.id) in map(str, task["args"])]


def test_open_work_has_alarms_ahead(demo: Organization, now: datetime) -> None:
    assert Clock.objects.filter(next_alarm_at__gt=now).count() >= 5
    late = Offer.objects.open().filter(due_at__lt=now)
    assert late.filter(handoff__case=None).count() <= 3
    assert late.count() < Offer.objects.open().filter(due_at__gte=now).count()


def test_a_page_has_one_minute_to_accept_round_the_clock(demo: Organization) -> None:
    version = HandoffTemplate.objects.get(name="Page the people on call").versions.get()
    assert version.accept_within == timedelta(minutes=1)
    assert version.target_team is not None
    hours = version.target_team.calendar.hours
    assert list(hours.values()) == [[["00:00", "24:00"]]] * 7


def test_everybody_can_sign_in_and_finds_something(demo: Organization) -> None:
    for name, email, _, team in demo_people():
        user = authenticate(None, username=email, password=PASSWORD)
        assert isinstance(user, User), name
        member = Member.objects.select_related("user").get(user=user)
        assert Handoff.objects.reachable_by(member).exists(), name
        assert not team or Team.objects.filter(name=team, memberships__member=member).exists()
    waiting = {
        key
        for key, person in PEOPLE.items()
        if Offer.objects.waiting_count(Member.objects.get(user__email=person.email)) > 0
    }
    assert {"jonas", "arjun", "dana", "elena"} <= waiting
    assert "tom" not in waiting


def test_clients_see_their_own_workspace_alone(demo: Organization) -> None:
    hannah = Member.objects.get(user__email=PEOPLE["hannah"].email)
    seen = Handoff.objects.reachable_by(hannah)
    assert {handoff.workspace.name for handoff in seen} == {"Brightwater Hotels"}
    assert seen.count() >= 5


def test_made_again_it_is_left_as_it_is(demo: Organization) -> None:
    before = Handoff.objects.count(), Event.objects.count()
    out = StringIO()
    call_command("demo", stdout=out)
    assert "is there already" in out.getvalue()
    assert (Handoff.objects.count(), Event.objects.count()) == before


def test_the_terminal_names_its_people(demo: Organization) -> None:
    told = welcome.text("http://localhost:8000")
    assert "Kestrel" in told
    assert all(person.email in told for person in PEOPLE.values())


@pytest.mark.django_db
def test_where_the_demo_is_off_it_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_DEMO", False)
    with pytest.raises(CommandError, match="off here"):
        call_command("demo")
    assert organization_at(SLUG) is None


@given(st.integers(0, 10 * 366 * 24 * 60))
def test_whatever_the_day_stories_run_forward_and_not_into_the_future(minutes: int) -> None:
    now = ODD_NOWS[0] + timedelta(minutes=minutes)
    for story in STORIES:
        at = instants(story.steps, now)
        assert at == sorted(at)
        assert at[-1] <= now


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.django_db
@pytest.mark.parametrize("now", ODD_NOWS, ids=str)
def test_on_odd_days_too_every_step_can_be_done(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    organization = make(now)
    assert caplog.text == ""
    with scope(organization):
        assert set(Handoff.objects.values_list("state", flat=True)) == set(State)
        assert not Clock.objects.filter(next_alarm_at__lte=now).exists()
