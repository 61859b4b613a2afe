"""Members without the admin: the list, a place, teams, absences, leaving."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.lifecycle import State
from tenants.actions import add_absence, change_role
from tenants.models import Absence, Member, Role
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

LIST = "settings/members/"
AWAY = {"starts_at": "2030-07-01T09:00", "ends_at": "2030-07-15T09:00", "remark": "On the sea"}


def page(member: Member) -> str:
    return f"{LIST}{member.pk}/"


def test_the_list_tells_who_is_here_in_which_role_and_teams(world: World, visit: Visit) -> None:
    now = timezone.now()
    add_absence(member=world.ben, starts_at=now, ends_at=now + timedelta(days=3), by=world.ben, at=now)
    text = visit("olga").read(LIST)
    for words in ("Ben", "ben@fjord.example", "Onboarding", "Away until", "Owner", "Cleo"):
        assert words in text
    assert "Handrail</a>" not in text
    away = visit("olga").read(LIST, show="away")
    assert "ben@fjord.example" in away
    assert "ana@fjord.example" not in away


def test_somebody_is_found_by_name_or_address(world: World, visit: Visit) -> None:
    olga = visit("olga")
    for words in ("cleo", "cleo@north"):
        text = olga.read(LIST, q=words)
        assert "cleo@northwind.example" in text
        assert "ben@fjord.example" not in text
    assert "Nobody is found" in olga.read(LIST, q="%_\x00zebra")
    assert "ben@fjord.example" in olga.read(LIST, show="nonsense")


def test_the_list_goes_on_from_page_to_page(world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.pages.administration.members.SHOWN", 5)
    olga, seen, path = visit("olga"), [], LIST
    for _ in range(3):
        answer = olga.get(path)
        seen += [row["who"].name for row in answer.context["rows"]]
        path = LIST + answer.context["more"]
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen) == 13
    for nonsense in ("x", "1", "~", "99999999999999999999~", "1~\x00"):
        assert olga.get(LIST, after=nonsense).status_code == 200


def test_the_list_takes_as_many_queries_for_all_as_for_one(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.read(LIST)
    for words in ("", "ben"):
        with pinned("members_page"):
            olga.read(LIST, q=words)


def test_a_lead_sees_their_people_and_nobody_elses(world: World, visit: Visit) -> None:
    lea = visit("lea")
    text = lea.read(LIST)
    assert "ben@fjord.example" in text
    assert "ana@fjord.example" not in text
    assert lea.get(page(world.ben)).status_code == 200
    assert lea.get(page(world.ana)).status_code == 404
    assert 'name="role"' not in lea.read(page(world.ben))
    assert lea.get(f"{page(world.ben)}leave/").status_code == 403


def test_role_name_zone_and_hours_change_together(world: World, visit: Visit) -> None:
    given = {"name": "Benjamin", "role": "admin", "zone": "Europe/Tallinn", "calendar": str(world.calendar.pk)}
    olga = visit("olga")
    for _ in range(2):
        assert olga.post(f"{page(world.ben)}place/", **given).status_code == 303
    ben = Member.objects.get(pk=world.ben.pk)
    assert (ben.name, ben.role, ben.zone, ben.calendar) == ("Benjamin", Role.ADMIN, "Europe/Tallinn", world.calendar)


def test_a_lead_gives_hours_and_no_role(world: World, visit: Visit) -> None:
    given = {"role": "owner", "name": "Boss", "calendar": str(world.calendar.pk)}
    assert visit("lea").post(f"{page(world.ben)}place/", **given).status_code == 303
    ben = Member.objects.get(pk=world.ben.pk)
    assert (ben.name, ben.role, ben.calendar) == ("Ben", Role.MEMBER, world.calendar)


def test_the_last_owner_stays_one_and_what_was_typed_stays_too(world: World, visit: Visit) -> None:
    answer = visit("olga").post(f"{page(world.olga)}place/", name="Olga the Great", role="member")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "is the only owner" in text
    assert 'value="Olga the Great"' in text
    olga = Member.objects.get(pk=world.olga.pk)
    assert (olga.name, olga.role) == ("Olga", Role.OWNER)


def test_only_owners_make_owners(world: World, visit: Visit) -> None:
    change_role(member=world.nils, role=Role.ADMIN, by=world.olga, at=world.now)
    answer = visit("nils").post(f"{page(world.ben)}place/", name="Ben", role="owner")
    assert answer.status_code == 403
    assert "Only an owner" in answer.content.decode()


def test_who_makes_themselves_a_member_is_led_out(world: World, visit: Visit) -> None:
    change_role(member=world.mo, role=Role.ADMIN, by=world.olga, at=world.now)
    mo = visit("mo")
    answer = mo.post(f"{page(world.mo)}place/", name="Mo", role="member")
    assert (answer.status_code, answer["Location"]) == (303, "/o/fjord/settings/")
    assert mo.get(LIST).status_code == 403


def test_teams_come_and_go(world: World, visit: Visit) -> None:
    olga, support = visit("olga"), world.team("Support")
    assert olga.post(f"{page(world.ben)}teams/", team=support.pk).status_code == 303
    assert support.members.filter(pk=world.ben.pk).exists()
    for status in (303, 404):
        assert olga.post(f"{page(world.ben)}teams/leave/", team=support.pk).status_code == status
    refused = olga.post(f"{page(world.sam)}teams/leave/", team=support.pk)
    assert refused.status_code == 409
    assert "somebody else must lead it first" in refused.content.decode()
    assert olga.post(f"{page(world.ben)}teams/", team=world.team("Northwind").pk).status_code == 422
    for nonsense in ("", "x", "0", "\x00", "9" * 30):
        assert olga.post(f"{page(world.ben)}teams/leave/", team=nonsense).status_code == 404


def test_an_absence_of_another_is_recorded_and_ended(world: World, visit: Visit) -> None:
    lea = visit("lea")
    assert lea.post(f"{page(world.ben)}absences/", **AWAY, substitute=world.bo.pk).status_code == 303
    absence = Absence.objects.get()
    assert (absence.member, absence.recorded_by, absence.substitute) == (world.ben, world.lea, world.bo)
    assert "On the sea" in lea.read(page(world.ben))
    again = lea.post(f"{page(world.ben)}absences/", **AWAY)
    assert again.status_code == 409
    assert "On the sea" in again.content.decode()
    assert lea.post(f"{page(world.bo)}absences/cancel/", absence=absence.pk).status_code == 404
    assert lea.post(f"{page(world.ben)}absences/cancel/", absence=absence.pk).status_code == 303
    absence.refresh_from_db()
    assert absence.cancelled_by == world.lea


def test_before_somebody_leaves_it_is_told_what_they_hold_and_asked_who_takes_it(world: World, visit: Visit) -> None:
    handoff, olga = world.handoff(at=State.STARTED), visit("olga")
    leave = f"{page(world.ben)}leave/"
    text = olga.read(leave)
    for words in ("answers for 1 handoff", handoff.reference, "Who takes over"):
        assert words in text
    refused = olga.post(leave)
    assert refused.status_code == 422
    assert "Say who takes over" in refused.content.decode()
    for unfit in ("Vic", "Cleo", "Ben", "Handrail", "Stan"):
        assert olga.post(leave, successor=unfit).status_code == 422
    assert olga.post(leave, successor="Bo").status_code == 303
    handoff.refresh_from_db()
    assert handoff.custodian == world.bo
    assert Member.objects.get(pk=world.ben.pk).left_at is not None
    assert "has left" in olga.read(page(world.ben))
    assert olga.get(leave).status_code == 404
    assert olga.post(f"{page(world.ben)}place/", name="Ben", role="admin").status_code == 405
    assert "ben@fjord.example" in olga.read(LIST, show="left")


def test_who_leads_a_team_is_told_to_let_another_lead_first(world: World, visit: Visit) -> None:
    leave = f"{page(world.sam)}leave/"
    assert "Somebody else has to lead first" in visit("olga").read(leave)
    answer = visit("olga").post(leave)
    assert answer.status_code == 409
    assert "leads Support" in answer.content.decode()


def test_who_leaves_themselves_is_out(world: World, visit: Visit) -> None:
    change_role(member=world.mo, role=Role.ADMIN, by=world.olga, at=world.now)
    mo, leave = visit("mo"), f"{page(world.mo)}leave/"
    assert "Leave this organization" in mo.read(page(world.mo))
    assert mo.get(leave).status_code == 200
    answer = mo.post(leave)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert mo.get().status_code == 404


def test_a_number_too_large_is_nobody(world: World, visit: Visit) -> None:
    olga = visit("olga")
    for key in ("0", "9" * 30):
        assert olga.get(f"{LIST}{key}/").status_code == 404
        assert olga.post(f"{LIST}{key}/place/").status_code == 404
    for name, given in (
        ("place", {"calendar": "9" * 30}),
        ("teams", {"team": "9" * 30}),
        ("absences", {"substitute": "x"}),
    ):
        assert olga.post(f"{page(world.ben)}{name}/", **given).status_code == 422
