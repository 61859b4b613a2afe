"""What a team lead and a workspace manager arrange in the admin: theirs, by the actions, and nothing else."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tenants.access import Permission, team_may
from tenants.actions import change_role, create_calendar, grant, open_workspace
from tenants.models import Role, Team, TeamMembership, Workspace
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import one_more
from tests.world import MONDAY, World

READ = {"handoffs/case", "handoffs/flow", "handoffs/handoff", "handoffs/handofftemplate", "handoffs/ladder"}


@pytest.fixture
def lea(visit: Visit) -> Visitor:
    """The browser of the lead of onboarding."""
    return visit("lea")


@pytest.fixture
def mo(visit: Visit) -> Visitor:
    """The browser of the manager of Projects."""
    return visit("mo")


@pytest.fixture
def secret(world: World) -> Handoff:
    """A handoff in a workspace that nobody but the owner sees."""
    workspace = open_workspace(name="Takeover", by=world.olga, at=MONDAY)
    return actions.draft(workspace, by=world.olga, at=world.now, title="Buy Northwind")


def sections(answer: Any) -> set[str]:
    """The sections that a page's sidebar and index lead to."""
    return set(re.findall(r'href="/o/fjord/admin/(\w+/\w+)/"', answer.content.decode()))


def listed(answer: Any) -> list[str]:
    return sorted(str(row) for row in answer.context_data["cl"].result_list)


def team(world: World, name: str) -> str:
    return f"tenants/team/{world.team(name).pk}/change/"


# Both


def test_the_index_shows_what_is_theirs(lea: Visitor, mo: Visitor, visit: Visit) -> None:
    assert sections(lea.get()) == READ | {"tenants/team", "tenants/member", "tenants/calendar"}
    assert sections(mo.get()) == READ | {"tenants/workspace"}
    assert len(sections(visit("olga").get())) == 11


def test_the_way_in_is_shown_to_those_who_are_let_in(world: World, visit: Visit) -> None:
    for name, shown in {"olga": True, "lea": True, "mo": True, "ana": False, "vic": False, "cleo": False}.items():
        page = visit(name).client.get("/o/fjord/").content.decode()
        assert ('href="/o/fjord/admin/"' in page) is shown, name


def test_a_grant_to_a_team_makes_managers_of_its_members(world: World, visit: Visit) -> None:
    assert visit("ana").get().status_code == 403
    grant(workspace=world.northwind, to=world.team("Sales"), permissions=[Permission.MANAGE], by=world.olga, at=MONDAY)
    assert listed(visit("ana").get("tenants/workspace/")) == ["Northwind"]
    # Max leads it as well, and so has both.
    assert sections(visit("max").get()) == READ | {
        "tenants/team",
        "tenants/member",
        "tenants/calendar",
        "tenants/workspace",
    }


def test_a_viewer_with_a_team_and_a_grant_stays_out(world: World, visit: Visit) -> None:
    for member in (world.mo, world.lea):
        change_role(member=member, role=Role.VIEWER, by=world.olga, at=MONDAY)
    assert visit("mo").get().status_code == 403
    assert visit("lea").get().status_code == 403


@pytest.mark.parametrize("name", ["lea", "mo"])
def test_they_find_the_handoffs_they_reach_and_move_them_on(
    world: World, visit: Visit, secret: Handoff, name: str
) -> None:
    handoff, visitor = world.handoff(at=State.STARTED), visit(name)
    answer = visitor.get("handoffs/handoff/")
    assert listed(answer) == [str(handoff)]
    assert "Takeover" not in answer.content.decode()
    page = f"handoffs/handoff/{handoff.pk}"
    assert f"/{page}/do/take_over/" in visitor.get(f"{page}/change/").content.decode()
    assert visitor.post(f"{page}/do/take_over/", {"reason": "Ben is ill"}).status_code == 302
    handoff.refresh_from_db()
    assert handoff.custodian == getattr(world, name)
    for path in ("change/", "do/note/"):
        assert visitor.get(f"handoffs/handoff/{secret.pk}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["lea", "mo"])
def test_templates_and_ladders_are_read_to_the_end_and_offer_no_button(world: World, visit: Visit, name: str) -> None:
    visitor = visit(name)
    version = world.template("sales_onboarding")
    for path, words in {
        f"handoffs/handofftemplate/{version.template_id}/change/": "Version 1",
        f"handoffs/templateversion/{version.pk}/change/": "Billing contact",
        "handoffs/ladder/": "tell the receivers",
    }.items():
        page = visitor.get(path).content.decode()
        assert words in page
        assert 'name="_save"' not in page
        assert "revise/" not in page
        assert "publish/" not in page
        for link in set(re.findall(r'href="/o/fjord/admin/((?:tenants|handoffs)/[\w/]+)"', page)):
            assert visitor.get(link).status_code in (200, 302), f"{path} leads to {link}"


@pytest.mark.parametrize("name", ["lea", "mo"])
def test_a_draft_of_a_template_is_read_and_not_written(world: World, visit: Visit, name: str) -> None:
    olga, template = visit("olga"), world.template("plain").template
    olga.post(f"handoffs/handofftemplate/{template.pk}/revise/")
    draft = template.versions.get(published_at=None)
    page = visit(name).get(f"handoffs/templateversion/{draft.pk}/change/").content.decode()
    assert "Not yet" in page
    assert 'name="_save"' not in page


# A lead


def test_a_lead_sees_their_team_its_people_and_its_calendar(world: World, lea: Visitor) -> None:
    assert listed(lea.get("tenants/team/")) == ["Onboarding"]
    assert listed(lea.get("tenants/member/")) == ["Ben", "Bo", "Lea"]
    assert listed(lea.get("tenants/calendar/")) == ["Office hours"]
    page = lea.get(f"tenants/calendar/{world.calendar.pk}/change/").content.decode()
    assert "Mon" in page
    assert 'name="_save"' not in page
    page = lea.get(f"tenants/member/{world.ben.pk}/change/").content.decode()
    assert "ben@fjord.example" in page
    assert "leave/" not in page


def test_what_is_not_theirs_is_not_there(world: World, lea: Visitor) -> None:
    nights = create_calendar(name="Nights", zone="UTC", hours={"mon": [["22:00", "06:00"]]}, by=world.olga, at=MONDAY)
    places = [team(world, "Sales"), f"tenants/member/{world.ana.pk}/change/", f"tenants/calendar/{nights.pk}/change/"]
    for path in places:
        assert lea.get(path).status_code == 404, path
        assert lea.post(path, {"name": "Mine now"}).status_code in (403, 404)
    assert world.team("Sales").name == "Sales"


def test_a_lead_adds_and_takes_out_members(world: World, lea: Visitor) -> None:
    path, place = team(world, "Onboarding"), world.team("Onboarding")
    form = lea.form(path)
    bo = next(n for n in range(3) if form[f"memberships-{n}-id"] == [str(place.memberships.get(member=world.bo).pk)])
    form = one_more({**form, f"memberships-{bo}-DELETE": ["on"]}, "memberships", member=world.nils.pk)
    assert lea.post(path, form)["Location"] == "/o/fjord/admin/tenants/team/"
    assert {member.name for member in place.members} == {"Ben", "Lea", "Nils"}


def test_a_lead_chooses_calendar_and_backup(world: World, lea: Visitor) -> None:
    nights = create_calendar(name="Nights", zone="UTC", hours={"mon": [["22:00", "06:00"]]}, by=world.olga, at=MONDAY)
    answer = lea.save(team(world, "Onboarding"), calendar=nights.pk, backup=world.team("Sales").pk)
    assert answer.status_code == 302
    changed = world.team("Onboarding")
    assert (changed.calendar, changed.backup) == (nights, world.team("Sales"))


def test_a_lead_finds_colleagues_to_choose_from_and_opens_no_page_of_theirs(world: World, lea: Visitor) -> None:
    asked = {"app_label": "tenants", "model_name": "teammembership", "field_name": "member", "term": "ni"}
    assert [row["text"] for row in lea.get("autocomplete/", **asked).json()["results"]] == ["Nils"]
    assert lea.get(f"tenants/member/{world.nils.pk}/change/").status_code == 404
    asked = {"app_label": "tenants", "model_name": "invitation", "field_name": "workspace", "term": ""}
    assert lea.get("autocomplete/", **asked).status_code == 403


def test_every_link_of_their_pages_leads_somewhere(world: World, lea: Visitor) -> None:
    for path in (team(world, "Onboarding"), f"tenants/member/{world.ben.pk}/change/", "tenants/team/"):
        page = lea.get(path).content.decode()
        for link in set(re.findall(r'href="/o/fjord/admin/((?:tenants|handoffs)/[\w/]+)"', page)):
            assert lea.get(link).status_code == 200, f"{path} leads to {link}"


def test_who_gives_the_lead_away_is_shown_out(world: World, lea: Visitor) -> None:
    answer = lea.save(team(world, "Onboarding"), lead=world.ben.pk)
    assert answer["Location"] == "/o/fjord/"
    assert world.team("Onboarding").lead == world.ben
    assert lea.get().status_code == 403


def test_a_lead_founds_no_team(world: World, lea: Visitor) -> None:
    form = {"name": "Mine", "kind": "internal", "lead": world.lea.pk, "calendar": world.calendar.pk}
    assert lea.post("tenants/team/add/", form).status_code == 403
    assert not Team.objects.filter(name="Mine").exists()


# A manager


def test_a_manager_sees_the_workspaces_they_manage(world: World, mo: Visitor) -> None:
    assert listed(mo.get("tenants/workspace/")) == ["Projects"]
    path = f"tenants/workspace/{world.northwind.pk}/change/"
    assert (mo.get(path).status_code, mo.post(path, {"name": "Mine"}).status_code) == (404, 404)


def test_a_manager_grants_and_revokes_there(world: World, mo: Visitor) -> None:
    path, elsewhere = f"tenants/workspace/{world.projects.pk}/change/", world.team("Elsewhere")
    form = {**mo.form(path), "grants-new0-to": [f"team-{elsewhere.pk}"], "grants-new0": [Permission.RECEIVE.value]}
    assert mo.post(path, form).status_code == 302
    assert team_may(elsewhere, Permission.RECEIVE, world.projects)
    form = {**mo.form(path), f"grants-team-{elsewhere.pk}": []}
    assert mo.post(path, form).status_code == 302
    assert not team_may(elsewhere, Permission.VIEW, world.projects)


def test_who_takes_their_own_permission_away_is_shown_out(world: World, mo: Visitor) -> None:
    path = f"tenants/workspace/{world.projects.pk}/change/"
    answer = mo.post(path, {**mo.form(path), f"grants-member-{world.mo.pk}": [], "_continue": ["1"]})
    assert answer["Location"] == "/o/fjord/"
    assert mo.get().status_code == 403


def test_a_manager_opens_no_workspace(world: World, mo: Visitor) -> None:
    assert mo.post("tenants/workspace/add/", {"name": "Mine", "kind": "internal"}).status_code == 403
    assert not Workspace.objects.filter(name="Mine").exists()


def test_a_manager_of_one_place_is_no_lead(world: World, mo: Visitor) -> None:
    assert mo.get("tenants/team/").status_code == 403
    assert mo.post(team(world, "Onboarding"), {"name": "Mine"}).status_code == 403
    assert TeamMembership.objects.filter(team=world.team("Onboarding")).count() == 3


@pytest.mark.parametrize("name", ["lea", "mo"])
def test_more_handoffs_cost_no_more_queries(world: World, visit: Visit, name: str) -> None:
    visitor, counts = visit(name), []
    visitor.get("handoffs/handoff/")
    for _ in range(2):
        for number in range(4):
            world.handoff(at=State.OFFERED, title=f"Contract {number}")
        with CaptureQueriesContext(connection) as seen:
            assert visitor.get("handoffs/handoff/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 25
