"""Members in the admin: roles, teams, leaving."""

import pytest

from handoffs.lifecycle import State, Verb
from handoffs.models import Event, Offer
from tenants.actions import create_calendar
from tenants.models import Absence, Kind, Member, WorkspaceUserPermission
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import one_more
from tests.world import World

LIST = "tenants/member/"


def page(member: Member) -> str:
    return f"{LIST}{member.pk}/change/"


def again(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def test_the_list_shows_people_and_not_the_product_itself(world: World, olga: Visitor) -> None:
    text = olga.get(LIST).content.decode()
    assert "ana@fjord.example" in text
    assert "Onboarding" in text
    assert f"{LIST}{world.system.pk}/change/" not in text
    assert "Cleo" not in olga.get(LIST, role__exact="member").content.decode()


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_role_is_given(world: World, chief: Member, visit: Visit, name: str) -> None:
    assert visit(name).save(page(world.ana), role="viewer", name="Ana Berg", zone="Europe/Oslo").status_code == 302
    ana = again(world.ana)
    assert (ana.role, ana.name, ana.zone) == ("viewer", "Ana Berg", "Europe/Oslo")


def test_only_an_owner_makes_owners(world: World, chief: Member, visit: Visit) -> None:
    answer = visit("nils").save(page(world.ana), role="owner")
    assert "Only an owner may decide who is an owner." in answer.content.decode()
    assert again(world.ana).role == "member"


def test_one_owner_remains(world: World, olga: Visitor) -> None:
    answer = olga.save(page(world.olga), role="admin", name="Olga O.")
    assert "Olga is the only owner" in answer.content.decode()
    assert (again(world.olga).role, again(world.olga).name) == ("owner", "Olga")


def test_a_role_must_suit_the_teams(world: World, olga: Visitor) -> None:
    assert "where this role does not belong" in olga.save(page(world.ana), role="client").content.decode()


def test_teams_are_entered_and_left(world: World, olga: Visitor) -> None:
    form = {**olga.form(page(world.ana)), "team_memberships-0-DELETE": ["on"]}
    form = one_more(form, "team_memberships", team=world.team("Support").pk)
    assert olga.post(page(world.ana), form).status_code == 302
    assert again(world.ana).standing.team_ids == {world.team("Support").pk}


def test_what_is_not_for_the_admin_stays(world: World, olga: Visitor) -> None:
    olga.save(page(world.ana), email="ana@elsewhere.example", kind="system", left_at_0="2026-01-01", user=1)
    ana = again(world.ana)
    assert (ana.kind, ana.left_at, ana.user) == ("person", None, world.ana.user)


def test_an_integration_is_added(world: World, olga: Visitor) -> None:
    assert olga.save(f"{LIST}add/", name="Billing sync", role="member").status_code == 302
    made = Member.objects.get(organization=world.organization, name="Billing sync")
    assert made.kind == Kind.SERVICE
    assert made.user is not None
    assert not made.user.is_active


def test_somebody_without_work_leaves(world: World, olga: Visitor) -> None:
    leaving = f"{LIST}{world.vic.pk}/leave/"
    assert b"Who takes over" not in olga.get(leaving).content
    assert olga.get(leaving).status_code == 200
    assert again(world.vic).left_at is None  # looking changes nothing
    assert olga.post(leaving).status_code == 302
    assert again(world.vic).left_at is not None
    assert not WorkspaceUserPermission.objects.filter(user=world.vic.user).exists()
    # Twice is once.
    left_at = again(world.vic).left_at
    olga.post(leaving)
    assert again(world.vic).left_at == left_at


def test_work_in_hand_goes_to_somebody_first(world: World, olga: Visitor) -> None:
    held = world.handoff(at=State.STARTED)
    leaving = f"{LIST}{world.ben.pk}/leave/"
    assert "Ben answers for 1 handoff" in olga.get(leaving).content.decode()
    answer = olga.post(leaving)
    assert "say who takes over" in answer.content.decode()
    assert again(world.ben).left_at is None
    assert olga.post(leaving, {"successor": world.bo.pk}).status_code == 302
    held.refresh_from_db()
    assert held.custodian == world.bo
    event = Event.objects.of(held.pk).last()
    assert event is not None
    assert (event.verb, event.by) == (Verb.TAKE_OVER, world.olga)
    assert again(world.ben).left_at is not None


def test_an_offer_to_one_alone_goes_to_the_team(world: World, olga: Visitor) -> None:
    from handoffs import actions

    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    actions.offer(made, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben)
    assert olga.post(f"{LIST}{world.ben.pk}/leave/").status_code == 302
    offer = Offer.objects.open().get(handoff=made)
    assert (offer.to_team, offer.to_member) == (world.team("Onboarding"), None)


def test_a_lead_stays_until_somebody_else_leads(world: World, olga: Visitor) -> None:
    answer = olga.post(f"{LIST}{world.lea.pk}/leave/")
    assert "somebody else must lead first" in answer.content.decode()
    assert again(world.lea).left_at is None


def test_a_client_or_viewer_does_not_take_over(world: World, olga: Visitor) -> None:
    world.handoff(at=State.STARTED)
    for nobody in (world.cleo, world.vic, world.ben):
        answer = olga.post(f"{LIST}{world.ben.pk}/leave/", {"successor": nobody.pk})
        assert "Select a valid choice" in answer.content.decode()


def test_those_who_left_are_read_only(world: World, olga: Visitor) -> None:
    olga.post(f"{LIST}{world.vic.pk}/leave/")
    assert "leave/" not in olga.get(page(world.vic)).content.decode()
    olga.save(page(world.vic), name="Victor", role="admin")
    assert (again(world.vic).name, again(world.vic).role) == ("Vic", "viewer")


HOLIDAYS = {"starts_at": "2030-07-01T09:00", "ends_at": "2030-07-15T09:00"}


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_an_absence_is_recorded_and_cancelled(world: World, chief: Member, visit: Visit, name: str) -> None:
    visitor, form = visit(name), f"{LIST}{world.ben.pk}/absence/"
    assert "Who stands in" in visitor.get(form).content.decode()
    for _ in range(2):
        answer = visitor.post(form, {**HOLIDAYS, "substitute": world.bo.pk, "remark": "Holidays"})
        assert answer.status_code == 302
    absence = Absence.objects.get()
    assert (absence.member, absence.substitute, absence.recorded_by.name.lower()) == (world.ben, world.bo, name)
    text = visitor.get(page(world.ben)).content.decode()
    assert "Holidays" in text
    cancelled = {**visitor.form(page(world.ben)), "absences-0-DELETE": ["on"]}
    assert visitor.post(page(world.ben), cancelled).status_code == 302
    absence.refresh_from_db()
    assert absence.cancelled_at is not None
    assert again(world.ben).team_memberships.count() == 1


def test_a_lead_records_who_of_their_team_is_away(world: World, visit: Visit) -> None:
    lea, form = visit("lea"), f"{LIST}{world.ben.pk}/absence/"
    assert "Record absence" in lea.get(page(world.ben)).content.decode()
    assert "Make leave" not in lea.get(page(world.ben)).content.decode()
    assert lea.get(form).status_code == 200
    assert lea.post(form, {**HOLIDAYS, "substitute": world.bo.pk}).status_code == 302
    absence = Absence.objects.get()
    assert (absence.member, absence.recorded_by) == (world.ben, world.lea)
    assert "1 Jul 2030" in lea.get(page(world.ben)).content.decode()


@pytest.mark.parametrize("name", ["ben", "sam", "max", "vic", "stan", "nobody"])
def test_an_absence_is_recorded_by_nobody_else(world: World, visit: Visit, name: str) -> None:
    answer = visit(name).post(f"{LIST}{world.ben.pk}/absence/", HOLIDAYS)
    assert answer.status_code in (302, 403, 404)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ends_at": "2030-06-01T09:00"}, "ends after it has begun"),
        ({"starts_at": ""}, "required"),
        ({"substitute": "x"}, "Select a valid choice"),
    ],
)
def test_an_absence_that_makes_no_sense_comes_back(
    world: World, olga: Visitor, given: dict[str, str], sentence: str
) -> None:
    assert sentence in olga.post(f"{LIST}{world.ben.pk}/absence/", HOLIDAYS | given).content.decode()
    assert not Absence.objects.exists()


def test_own_hours_are_given_and_taken_back(world: World, olga: Visitor) -> None:
    week = {"mon": [["08:00", "12:00"]]}
    mornings = create_calendar(name="Mornings", zone="UTC", hours=week, by=world.olga, at=world.now)
    assert olga.save(page(world.ben), calendar=mornings.pk).status_code == 302
    assert again(world.ben).calendar == mornings
    assert olga.save(page(world.ben), calendar="").status_code == 302
    assert again(world.ben).calendar is None


def test_who_left_has_no_absences(world: World, olga: Visitor) -> None:
    olga.post(f"{LIST}{world.vic.pk}/leave/")
    assert olga.get(f"{LIST}{world.vic.pk}/absence/").status_code == 404
