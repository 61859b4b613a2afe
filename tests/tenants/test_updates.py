"""What teams, calendars, workspaces, members and invitations say of themselves is changed by those who may."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.actions import (
    create_calendar,
    invite,
    remove_logo,
    update_calendar,
    update_member,
    update_organization,
    update_team,
    update_workspace,
    withdraw_invitation,
)
from tenants.models import Calendar, Invitation, Member
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.scope import everyone
from tests.world import World

HOURS = {"mon": [["09:00", "12:00"]]}


def _calls(world: World) -> dict[str, Callable[[Member], Any]]:
    """Each action, to be called by somebody."""
    invitation, _ = invite(email="new@fjord.example", by=world.olga, at=world.now)
    sales, calendar, at = world.team("Sales"), world.calendar, world.now
    hours = {"zone": "UTC", "hours": HOURS, "at": at}
    return {
        "create_calendar": lambda by: create_calendar(name="Mondays", by=by, **hours),
        "update_calendar": lambda by: update_calendar(calendar=calendar, name="Mondays", by=by, **hours),
        "update_team": lambda by: update_team(team=sales, name="Selling", calendar=calendar, by=by, at=at),
        "update_workspace": lambda by: update_workspace(workspace=world.projects, name="Work", by=by, at=at),
        "update_organization": lambda by: update_organization(name="Fjord", hue=30, zone="UTC", by=by, at=at),
        "remove_logo": lambda by: remove_logo(by=by, at=at),
        "update_member": lambda by: update_member(member=world.ben, name="Benjamin", by=by, at=at),
        "withdraw_invitation": lambda by: withdraw_invitation(invitation=invitation, by=by, at=at),
    }


NAMES = (
    "create_calendar",
    "update_calendar",
    "update_team",
    "update_workspace",
    "update_member",
    "withdraw_invitation",
)


@pytest.mark.parametrize("name", [*NAMES, "update_organization", "remove_logo"])
def test_a_colleague_changes_nothing(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        _calls(world)[name](world.ana)
    assert not Calendar.objects.filter(name="Mondays").exists()
    assert Invitation.objects.get(email="new@fjord.example").withdrawn_at is None


@pytest.mark.parametrize("name", NAMES)
def test_somebody_elsewhere_finds_nothing_to_change(world: World, name: str) -> None:
    with everyone():
        stan = Member.objects.select_related("user", "organization").get(name="Stan")
    if name != "create_calendar":
        with pytest.raises(Invalid, match="There is no such"):
            _calls(world)[name](stan)


def test_a_lead_and_a_manager_change_what_is_theirs_and_people_themselves(world: World) -> None:
    calls = _calls(world)
    assert calls["update_team"](world.max).name == "Selling"
    assert calls["update_workspace"](world.mo).name == "Work"
    assert calls["update_member"](world.ben).name == "Benjamin"


def test_the_product_keeps_its_name(world: World) -> None:
    with pytest.raises(Invalid, match="keeps its name"):
        update_member(member=world.system, name="Other", by=world.olga, at=world.now)


def test_a_clients_team_does_not_stand_in_for_ours(world: World) -> None:
    sales, client = world.team("Sales"), world.team("Northwind")
    with pytest.raises(Conflict, match="cannot stand in"):
        update_team(team=sales, name="Sales", calendar=world.calendar, backup=client, by=world.olga, at=world.now)
    with pytest.raises(Invalid, match="cannot stand in for itself"):
        update_team(team=sales, name="Sales", calendar=world.calendar, backup=sales, by=world.olga, at=world.now)


def test_hours_that_never_open_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        update_calendar(calendar=world.calendar, name="Never", zone="UTC", hours={}, by=world.olga, at=world.now)
    assert set(refusal.value.details["fields"]) == {"hours"}
