"""A report of each week, to those who want it: what they may see, once, and no longer than they want it."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from handoffs import actions, keeping
from handoffs.actions.delivery import Choices, choices_of, choose
from handoffs.lifecycle import State
from handoffs.models import Digest, Rhythm
from tenants.models import Member
from tests.handoffs.delivery.telling import work
from tests.world import MONDAY, World

MORNING = MONDAY.replace(hour=7) + timedelta(weeks=1)


def wants(*members: Member, weekly: bool = True) -> None:
    for member in members:
        choose(member=member, choices=Choices(weekly=weekly), by=member, at=MONDAY)


def reports(name: str = "") -> list[Any]:
    return [each for each in mail.outbox if "where work waited" in each.subject and each.to[0].startswith(name)]


@pytest.fixture
def told(world: World) -> World:
    """One taken after an hour, one returned at once, one for the client that nobody took."""
    world.later(hours=2)
    first = actions.draft(world.projects, by=world.ana, at=world.now, title="Contract")
    first = actions.offer(first, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    first = actions.accept(first, by=world.ben, at=world.later(hours=1))
    first = actions.start(first, by=world.ben, at=world.now)
    actions.complete(first, by=world.ben, at=world.later(hours=3))
    second = world.handoff(State.OFFERED, to="Support")
    actions.return_(second, by=world.sue, at=world.now, reason="No list", reason_code="missing_information")
    theirs = actions.draft(world.northwind, by=world.ana, at=world.now, title="For the client")
    actions.offer(theirs, by=world.ana, at=world.now, to_team=world.team("Northwind"))
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass
    mail.outbox = []  # type: ignore[attr-defined]
    return world


def test_whoever_wants_it_gets_it_when_the_week_is_over(told: World) -> None:
    wants(told.olga)
    work(MORNING - timedelta(minutes=1))
    assert not reports()
    work(MORNING)
    work(MORNING + timedelta(hours=1))
    (letter,) = reports()
    assert letter.to == ["Olga <olga@fjord.example>"]
    assert letter.subject == "Fjord: where work waited, 16 November to 22 November 2026"
    assert "Offers made from 16 November to 22 November 2026: 3, of which 1 was accepted." in letter.body
    assert "Came back: 50 % (1 of 2)" in letter.body
    assert "- Sales → Onboarding: 1.0 h between hands in one offer" in letter.body
    assert "- Sales → Northwind: " in letter.body
    team = told.team
    assert f"/o/fjord/insight/lanes/{team('Sales').id}-{team('Onboarding').id}/" in letter.body
    page, _ = letter.alternatives[0]
    assert "Where it lay longest" in page
    work(MORNING + timedelta(weeks=1))
    assert "Nothing was offered in that week" in reports()[1].body


def test_everybody_reads_of_what_they_may_see(told: World) -> None:
    wants(told.cleo, told.vic, told.nils)
    work(MORNING)
    (cleo,), (vic,), (nils,) = reports("Cleo"), reports("Vic"), reports("Nils")
    assert "Northwind" in cleo.body
    assert "Onboarding" not in cleo.body
    assert "Onboarding" in vic.body
    assert "→ Northwind" not in vic.body
    assert "Nothing was offered in that week, among what you may see." in nils.body


def test_who_did_not_ask_or_asked_no_more_gets_none(told: World) -> None:
    wants(told.ana)
    wants(told.ana, weekly=False)
    work(MORNING)
    assert not reports()
    assert not choices_of(told.ana).weekly


def test_other_choices_do_not_put_off_one_that_is_due(told: World) -> None:
    wants(told.ana)
    choose(member=told.ana, choices=Choices(daily_at=9, weekly=True), by=told.ana, at=MORNING)
    work(MORNING)
    assert len(reports("Ana")) == 1


def test_who_has_left_gets_none(told: World) -> None:
    wants(told.ana, told.ben)
    Member.objects.filter(id=told.ana.id).update(left_at=MONDAY)
    work(MORNING)
    assert [letter.to[0] for letter in reports()] == ["Ben <ben@fjord.example>"]
    assert Rhythm.objects.get(member=told.ana).report_at == MORNING + timedelta(weeks=1)


def test_who_leaves_before_it_arrives_gets_none(told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(told.ana)
    monkeypatch.setattr("handoffs.delivery.mail._hand_over", refuse)
    work(MORNING)
    monkeypatch.undo()
    Member.objects.filter(id=told.ana.id).update(left_at=MORNING)
    work(MORNING + timedelta(hours=1))
    assert not reports()
    assert Digest.objects.get(week=date(2026, 11, 16)).given_up_at


def refuse(_: Any) -> None:
    raise ConnectionRefusedError


def test_a_mail_server_that_is_away_delays_it_and_it_says_the_same(told: World) -> None:
    wants(told.ana)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("handoffs.delivery.mail._hand_over", refuse)
        work(MORNING)
    actions.draft(told.projects, by=told.ana, at=MORNING, title="Later")
    work(MORNING + timedelta(hours=1))
    (letter,) = reports("Ana")
    assert ": 3, of which 1 was accepted" in letter.body


def test_one_click_stops_the_reports_and_nothing_else(told: World) -> None:
    choose(member=told.ana, choices=Choices(daily_at=7, weekly=True), by=told.ana, at=MONDAY)
    before = choices_of(told.ana)
    work(MORNING)
    link = urlsplit(reports()[0].extra_headers["List-Unsubscribe"].strip("<>")).path
    client = Client(enforce_csrf_checks=True)
    assert "Stop these reports?" in client.get(link).content.decode()
    assert choices_of(told.ana) == before
    for _ in range(2):
        assert "Reports are stopped" in client.post(link).content.decode()
    after = choices_of(told.ana)
    assert (after.weekly, after.daily_at, after.paces) == (False, 7, before.paces)
    work(MORNING + timedelta(weeks=1))
    assert len(reports()) == 1
