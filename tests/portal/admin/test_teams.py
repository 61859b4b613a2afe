"""Teams in the admin: each save is the actions' doing."""

import pytest

from tenants.models import Calendar, Member, Team, TeamMembership
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled, one_more
from tests.world import World

LIST = "tenants/team/"


def page(team: Team) -> str:
    return f"{LIST}{team.pk}/change/"


def test_the_list_names_lead_calendar_and_backup(world: World, olga: Visitor) -> None:
    text = olga.get(LIST).content.decode()
    for words in ("Onboarding", "Lea", "Office hours", "Support"):
        assert words in text
    assert "Onboarding" in olga.get(LIST, q="onb").content.decode()
    assert "Northwind" not in olga.get(LIST, kind__exact="internal").content.decode()


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_new_team_begins_with_its_lead(world: World, chief: Member, visit: Visit, name: str) -> None:
    answer = visit(name).save(f"{LIST}add/", name="Billing", lead=world.bo.pk, calendar=world.calendar.pk)
    assert answer["Location"] == f"/o/fjord/admin/{LIST}"
    team = Team.objects.get(organization=world.organization, name="Billing")
    assert team.lead == world.bo
    assert list(team.members) == [world.bo]
    assert world.bo.user is not None
    assert team.group in world.bo.user.groups.all()


def test_a_name_is_taken_once(world: World, olga: Visitor) -> None:
    answer = olga.save(f"{LIST}add/", name="Sales", lead=world.bo.pk, calendar=world.calendar.pk)
    assert answer.status_code == 200
    assert "There is already one of this name." in answer.content.decode()
    assert filled(answer)["name"] == ["Sales"]
    assert Team.objects.filter(name="Sales").count() == 1


def test_words_calendar_and_backup_change(world: World, olga: Visitor) -> None:
    nights = Calendar.objects.create(
        organization=world.organization, name="Nights", hours={"mon": [["22:00", "06:00"]]}
    )
    team = world.team("Sales")
    olga.save(page(team), name="Selling", calendar=nights.pk, backup=world.team("Support").pk)
    team = world.team("Selling")
    assert (team.calendar, team.backup, team.kind) == (nights, world.team("Support"), "internal")


def test_another_lead_becomes_a_member(world: World, olga: Visitor) -> None:
    olga.save(page(world.team("Sales")), lead=world.nils.pk)
    team = world.team("Sales")
    assert team.lead == world.nils
    assert {world.nils, world.max} <= set(team.members)


def test_members_come_and_go(world: World, olga: Visitor) -> None:
    team = world.team("Onboarding")
    form = olga.form(page(team))
    bo = next(n for n in range(3) if form[f"memberships-{n}-id"] == [str(team.memberships.get(member=world.bo).pk)])
    form = one_more({**form, f"memberships-{bo}-DELETE": ["on"]}, "memberships", member=world.nils.pk)
    assert olga.post(page(team), form).status_code == 302
    assert set(team.members) == {world.ben, world.lea, world.nils}
    assert world.bo.user is not None
    assert world.nils.user is not None
    assert team.group not in world.bo.user.groups.all()
    assert team.group in world.nils.user.groups.all()
    # The same once more: Bo's line is gone, Nils is in it.
    assert olga.save(page(team)).status_code == 302
    assert set(team.members) == {world.ben, world.lea, world.nils}


def test_a_refusal_undoes_the_whole_save(world: World, olga: Visitor) -> None:
    team = world.team("Onboarding")
    form = one_more({**olga.form(page(team)), "name": ["Renamed"]}, "memberships", member=world.cleo.pk)
    answer = olga.post(page(team), form)
    assert answer.status_code == 200
    assert "Cleo cannot be in" in answer.content.decode()
    assert filled(answer)["name"] == ["Renamed"]
    team.refresh_from_db()
    assert team.name == "Onboarding"
    assert world.cleo not in team.members


def test_the_lead_cannot_be_taken_out(world: World, olga: Visitor) -> None:
    team = world.team("Onboarding")
    form = olga.form(page(team))
    everybody = {f"memberships-{n}-DELETE": ["on"] for n in range(3)}
    answer = olga.post(page(team), {**form, **everybody})
    assert "somebody else must lead it first" in answer.content.decode()
    assert TeamMembership.objects.filter(team=team).count() == 3


def test_a_team_does_not_stand_in_for_itself(world: World, olga: Visitor) -> None:
    team = world.team("Sales")
    answer = olga.save(page(team), backup=team.pk)
    assert "A team cannot stand in for itself." in answer.content.decode()


@pytest.mark.parametrize("field", ["lead", "calendar", "backup"])
def test_a_reference_stays_inside(world: World, olga: Visitor, field: str) -> None:
    from tenants.scope import everyone

    with everyone():
        model = {"lead": Member, "calendar": Calendar, "backup": Team}[field]
        theirs = model._default_manager.exclude(organization=world.organization).first()
    assert theirs is not None
    team = world.team("Sales")
    answer = olga.save(page(team), **{field: theirs.pk})
    assert "Select a valid choice" in answer.content.decode()


def test_whose_people_they_are_never_changes(world: World, olga: Visitor) -> None:
    olga.save(page(world.team("Sales")), kind="client")
    assert world.team("Sales").kind == "internal"


def test_the_way_to_a_member_knows_only_ours(world: World, olga: Visitor) -> None:
    asked = {"app_label": "tenants", "model_name": "team", "field_name": "lead", "term": ""}
    names = {row["text"] for row in olga.get("autocomplete/", **asked).json()["results"]}
    assert {"Ana", "Olga"} <= names
    assert "Stan" not in names
    assert "Handrail" not in names
