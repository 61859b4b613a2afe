"""Teams without the admin."""

import pytest

from tenants.models import Member, Team
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

LIST = "settings/teams/"


def test_a_team_is_created_with_its_lead_in_it(world: World, visit: Visit) -> None:
    olga = visit("olga")
    given = {"name": "Legal", "kind": "internal", "lead": "SUE@fjord.example", "calendar": world.calendar.pk}
    assert olga.post(f"{LIST}new/", **given).status_code == 303
    legal = world.team("Legal")
    assert legal.lead == world.sue
    assert legal.members.get() == world.sue
    again = olga.post(f"{LIST}new/", **given)
    assert again.status_code == 409
    assert "already one of this name" in again.content.decode()
    assert 'value="SUE@fjord.example"' in again.content.decode()
    assert "Legal" in olga.read(LIST)


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"name": ""}, 422, "required"),
        ({"name": "x" * 121}, 422, "at most 120"),
        ({"name": "a\x00b"}, 422, "Null characters"),
        ({"lead": "nobody@fjord.example"}, 422, "Nobody who could be chosen"),
        ({"lead": "Cleo"}, 409, "clients are only in clients"),
        ({"kind": "secret"}, 422, "Select a valid choice"),
        ({"calendar": "999999"}, 422, "Select a valid choice"),
        ({"backup": "x"}, 422, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_comes_back(
    world: World, visit: Visit, given: dict[str, str], status: int, sentence: str
) -> None:
    said = {"name": "Legal", "kind": "internal", "lead": "Sue", "calendar": world.calendar.pk} | given
    answer = visit("olga").post(f"{LIST}new/", **said)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Team.objects.filter(name__in=["Legal", "x" * 121]).exists()


def test_two_of_one_name_are_told_apart_by_address(world: World, visit: Visit) -> None:
    Member.objects.filter(pk=world.bo.pk).update(name="Ben")
    support = world.team("Support")
    answer = visit("sam").post(f"{LIST}{support.pk}/members/", member="ben")
    assert answer.status_code == 422
    assert "Several people are called so" in answer.content.decode()
    assert visit("sam").post(f"{LIST}{support.pk}/members/", member="bo@fjord.example").status_code == 303
    assert support.members.filter(pk=world.bo.pk).exists()


def test_a_lead_arranges_their_own_team_and_finds_no_other(world: World, visit: Visit) -> None:
    lea, onboarding = visit("lea"), world.team("Onboarding")
    assert "Support" not in lea.read(LIST).split("Backup")[0]
    assert lea.get(f"{LIST}{world.team('Support').pk}/").status_code == 404
    assert lea.get(f"{LIST}new/").status_code == 403
    given = {"name": "Welcome", "calendar": world.calendar.pk, "backup": world.team("Support").pk}
    assert lea.post(f"{LIST}{onboarding.pk}/change/", **given).status_code == 303
    onboarding.refresh_from_db()
    assert onboarding.name == "Welcome"
    own = f"{LIST}{onboarding.pk}/"
    assert lea.post(f"{own}members/remove/", member=world.bo.pk).status_code == 303
    assert lea.post(f"{own}members/remove/", member=world.bo.pk).status_code == 404
    refused = lea.post(f"{own}members/remove/", member=world.lea.pk)
    assert refused.status_code == 409
    assert "leads Welcome" in refused.content.decode()


def test_a_name_that_is_taken_comes_back_under_the_name_it_has(world: World, visit: Visit) -> None:
    support = world.team("Support")
    answer = visit("sam").post(f"{LIST}{support.pk}/change/", name="Sales", calendar=world.calendar.pk)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "already one of this name" in text
    assert "<h1>Support</h1>" in text
    assert 'value="Sales"' in text


def test_who_gives_the_lead_away_is_led_out(world: World, visit: Visit) -> None:
    lea, onboarding = visit("lea"), world.team("Onboarding")
    answer = lea.post(f"{LIST}{onboarding.pk}/lead/", member=world.ben.pk)
    assert (answer.status_code, answer["Location"]) == (303, "/o/fjord/settings/")
    onboarding.refresh_from_db()
    assert onboarding.lead == world.ben
    assert lea.get(LIST).status_code == 403
    assert visit("ben").get(LIST).status_code == 200


def test_clients_are_added_to_clients_teams_alone(world: World, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.post(f"{LIST}{world.team('Northwind').pk}/members/", member="Ben").status_code == 422
    assert olga.post(f"{LIST}{world.team('Support').pk}/members/", member="Cleo").status_code == 422


def test_list_and_team_take_as_many_queries_as_are_pinned(world: World, visit: Visit) -> None:
    olga, onboarding = visit("olga"), world.team("Onboarding")
    olga.read(LIST)
    with pinned("teams_page"):
        olga.read(LIST)
    for who in ("Ben", "Nils"):
        olga.post(f"{LIST}{onboarding.pk}/members/", member=who)
        olga.read(f"{LIST}{onboarding.pk}/")  # tells what was done
        with pinned("team_page"):
            olga.read(f"{LIST}{onboarding.pk}/")
