"""Sending for the morning: chosen with the receiver, seen on the handoff, taken back by a button."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.handoffs.doing import after_hours
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

FRIDAY_AT_SIX = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def late(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Friday at six."""
    world.now = FRIDAY_AT_SIX
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return world


def send(ana: Visitor, world: World, handoff: Handoff, **given: str) -> Any:
    receiver = str(world.team("Onboarding").id)
    return ana.post(f"handoffs/{handoff.reference}/offer/", receiver=receiver, message="", **given)


def test_on_a_friday_at_six_it_waits_for_monday(late: World, visit: Visit) -> None:
    handoff, ana = late.handoff(), visit("ana")
    assert send(ana, late, handoff, when="open").status_code == 303
    handoff.refresh_from_db()
    assert handoff.planned_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    page = ana.read(f"handoffs/{handoff.reference}/")
    assert "Will be offered" in page
    assert "To Onboarding, when they open. You answer for it until somebody accepts." in page
    assert "It is offered" in page
    form = visit("ana").get(f"handoffs/{handoff.reference}/offer/").context["form"]
    assert form.initial["when"] == "open"
    assert "Ana answers" in visit("max").read(f"handoffs/{handoff.reference}/")
    assert "Do not offer it then" not in visit("max").read(f"handoffs/{handoff.reference}/")
    for _ in range(2):
        assert visit("ana").post(f"handoffs/{handoff.reference}/unplan/").status_code == 303
    assert "Will be offered" not in visit("ana").read(f"handoffs/{handoff.reference}/")


def test_who_is_open_is_offered_it_now(world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    world.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    handoff = world.handoff()
    assert send(visit("ana"), world, handoff, when="open").status_code == 303
    handoff.refresh_from_db()
    assert handoff.status is State.OFFERED


def test_nothing_chosen_is_now(late: World, visit: Visit) -> None:
    handoff = late.handoff()
    assert send(visit("ana"), late, handoff).status_code == 303
    handoff.refresh_from_db()
    assert handoff.status is State.OFFERED
    assert send(visit("ana"), late, late.handoff(), when="someday").status_code == 422


def test_only_who_answers_for_it_takes_it_back(late: World, visit: Visit) -> None:
    handoff = late.handoff()
    actions.plan(handoff, by=late.ana, at=after_hours(late), to_team=late.team("Onboarding"))
    for name, status in {"ben": 403, "vic": 403, "nils": 404, "stan": 404}.items():
        assert visit(name).post(f"handoffs/{handoff.reference}/unplan/").status_code == status, name
    assert visit("ana").get(f"handoffs/{handoff.reference}/unplan/").status_code == 405
