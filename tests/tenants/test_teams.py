"""Teams: always led, never mixed."""

import pytest

from tenants.actions import (
    Founded,
    add_service,
    add_to_team,
    change_lead,
    create_team,
    remove_from_team,
)
from tenants.models import Role, Team, TeamMembership
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.scope import scope

from .cast import AT, client_corner, login, welcome


def test_the_lead_is_in_it(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        team = create_team(name="Support", lead=ben, calendar=north.calendar, backup=north.team, by=north.owner, at=AT)
        assert list(team.members) == [ben]
        assert ben.standing.led_team_ids == ben.standing.team_ids == {team.pk}
        assert team.group.name.startswith("team:")
        assert "Support" not in team.group.name


def test_a_name_is_taken_once_per_organization(north: Founded, south: Founded) -> None:
    for place in (north, south):
        with scope(place.organization):
            create_team(name="Support", lead=place.owner, calendar=place.calendar, by=place.owner, at=AT)
            with pytest.raises(Conflict) as refused:
                create_team(name="Support", lead=place.owner, calendar=place.calendar, by=place.owner, at=AT)
            assert refused.value.code == "name_taken"


def test_what_a_team_needs(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        with pytest.raises(Forbidden):
            create_team(name="Mine", lead=ben, calendar=north.calendar, by=ben, at=AT)
        for options in ({"name": ""}, {"kind": "secret"}):
            with pytest.raises(Invalid):
                create_team(
                    **{"name": "T", "lead": ben, "calendar": north.calendar, "by": north.owner, "at": AT, **options}
                )


def test_clients_and_our_own_people_do_not_mix(north: Founded) -> None:
    ben = welcome(north, "Ben")
    client, clients, _ = client_corner(north, "Cleo")
    with scope(north.organization):
        attempts = (
            lambda: add_to_team(team=north.team, member=client, by=north.owner, at=AT),
            lambda: add_to_team(team=clients, member=ben, by=north.owner, at=AT),
            lambda: change_lead(team=north.team, lead=client, by=north.owner, at=AT),
            lambda: create_team(name="T", lead=client, calendar=north.calendar, by=north.owner, at=AT),
            lambda: create_team(name="T", lead=ben, calendar=north.calendar, backup=clients, by=north.owner, at=AT),
        )
        for attempt in attempts:
            with pytest.raises(Conflict) as refused:
                attempt()
            assert refused.value.code == "team_does_not_fit"
        robot = add_service(name="Robot", role=Role.CLIENT, by=north.owner, at=AT)
        add_to_team(team=clients, member=robot, by=north.owner, at=AT)
        add_to_team(team=clients, member=north.system_member, by=north.owner, at=AT)
        assert clients.members.count() == 3


def test_in_and_out_keeps_the_groups_in_step(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        assert ben.standing.team_ids == frozenset()
        first = add_to_team(team=north.team, member=ben, by=north.owner, at=AT)
        assert add_to_team(team=north.team, member=ben, by=north.owner, at=AT) == first
        assert ben.standing.team_ids == {north.team.pk}
        assert list(login("Ben").groups.all()) == [north.team.group]
        remove_from_team(team=north.team, member=ben, by=ben, at=AT)
        remove_from_team(team=north.team, member=ben, by=north.owner, at=AT)
        assert ben.standing.team_ids == frozenset()
        assert not login("Ben").groups.exists()
        with pytest.raises(Conflict) as refused:
            remove_from_team(team=north.team, member=north.owner, by=north.owner, at=AT)
        assert refused.value.code == "leads_a_team"


def test_a_lead_decides_about_the_team_and_no_other(north: Founded) -> None:
    ben, eve = welcome(north, "Ben"), welcome(north, "Eve")
    with scope(north.organization):
        team = create_team(name="Support", lead=ben, calendar=north.calendar, by=north.owner, at=AT)
        add_to_team(team=team, member=eve, by=ben, at=AT)
        remove_from_team(team=team, member=eve, by=ben, at=AT)
        for attempt in (
            lambda: add_to_team(team=north.team, member=ben, by=ben, at=AT),
            lambda: add_to_team(team=team, member=eve, by=eve, at=AT),
            lambda: remove_from_team(team=north.team, member=north.owner, by=eve, at=AT),
            lambda: change_lead(team=team, lead=eve, by=eve, at=AT),
        ):
            with pytest.raises(Forbidden):
                attempt()


def test_closed_teams_and_those_who_left_take_no_part(north: Founded) -> None:
    ben, eve = welcome(north, "Ben"), welcome(north, "Eve")
    with scope(north.organization):
        team = create_team(name="Support", lead=ben, calendar=north.calendar, by=north.owner, at=AT)
        eve.left_at = AT
        with pytest.raises(Conflict) as refused:
            add_to_team(team=team, member=eve, by=north.owner, at=AT)
        assert refused.value.code == "member_left"
        Team.objects.filter(pk=team.pk).update(closed_at=AT)
        ben.forget_standing()
        assert (ben.standing.team_ids, ben.standing.led_team_ids) == (frozenset(), frozenset())
        team.refresh_from_db()
        with pytest.raises(Conflict) as refused:
            add_to_team(team=team, member=north.owner, by=north.owner, at=AT)
        assert refused.value.code == "team_closed"


def test_another_organizations_things_do_not_exist(north: Founded, south: Founded) -> None:
    with scope(north.organization):
        for attempt in (
            lambda: add_to_team(team=south.team, member=north.owner, by=north.owner, at=AT),
            lambda: add_to_team(team=north.team, member=south.owner, by=north.owner, at=AT),
            lambda: create_team(name="T", lead=south.owner, calendar=north.calendar, by=north.owner, at=AT),
            lambda: create_team(name="T", lead=north.owner, calendar=south.calendar, by=north.owner, at=AT),
        ):
            with pytest.raises(Invalid) as refused:
                attempt()
            assert refused.value.code == "not_here"
        assert TeamMembership.objects.count() == 1
