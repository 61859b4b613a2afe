"""Starting an organization by oneself: a mail, one page, the first steps, the first client."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail, signing
from django.core.cache import cache
from django.test import Client
from django_q.models import OrmQ

from portal.beginning import SALT
from portal.sign_in import confirm_address
from tenants.actions import join
from tenants.models import Invitation, Member, Organization, Role, Team, User, Workspace
from tenants.scope import everyone, scope
from tests.portal.letters import last_mail_to, mailed_key
from tests.portal.pages.conftest import Visit
from tests.world import World

NEW = "ida@harbour.example"
SAID = {"name": "Ida", "password": "a-pebble-in-the-fjord", "organization": "Harbour & Sons", "slug": ""}
SAID |= {"zone": "Europe/Oslo", "team_name": "Dock"}


@pytest.fixture(autouse=True)
def _open(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_SELF_SERVICE", True)
    cache.clear()


def link_for(email: str) -> str:
    Client().post("/begin/", {"email": email})
    found = re.search(r"https?://[^/]+(/begin/\S+/)", str(last_mail_to(email).body))
    assert found is not None
    return found[1]


def founded(slug: str = "harbour-sons") -> Organization | None:
    with everyone():
        return Organization.objects.filter(slug=slug).first()


def test_from_an_address_to_an_organization_of_ones_own(db: None) -> None:
    link, client = link_for(NEW), Client()
    assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert founded() is None
    answer = client.post(link, SAID)
    assert (answer.status_code, answer["Location"]) == (303, "/o/harbour-sons/settings/first-steps/")
    organization = founded()
    assert organization is not None
    assert (organization.name, organization.zone) == ("Harbour & Sons", "Europe/Oslo")
    with scope(organization):
        ida = Member.objects.get(user__email=NEW)
        assert (ida.role, ida.name) == (Role.OWNER, "Ida")
        assert Team.objects.get().name == "Dock"
    page = client.get(answer["Location"]).content.decode()
    assert "0 of 3 done" in page
    assert client.get("/o/harbour-sons/handoffs/new/").status_code == 200


def test_the_link_works_again_for_another_organization_and_not_for_another_person(db: None) -> None:
    link, client = link_for(NEW), Client()
    client.post(link, SAID)
    assert "slug" in client.get(link).content.decode()
    assert client.post(link, SAID | {"slug": "harbour-two"}).status_code == 303
    stranger = Client()
    assert "has a login already" in stranger.get(link).content.decode()
    assert stranger.post(link, SAID | {"slug": "stolen"}).status_code == 200
    assert founded("stolen") is None


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"organization": ""}, 422, "required"),
        ({"slug": "Not an address"}, 422, "small letters"),
        ({"slug": "admin"}, 422, "kept for the site"),
        ({"organization": "日本"}, 422, "small letters"),
        ({"zone": "Mars/Base"}, 422, "valid choice"),
        ({"password": "12345678"}, 422, "too common"),
        ({"team_name": "x" * 121}, 422, "at most 120"),
        ({"slug": "fjord"}, 409, "already taken"),
    ],
)
def test_what_cannot_be_comes_back_and_nothing_is_made(
    world: World, given: dict[str, Any], status: int, sentence: str
) -> None:
    answer = Client().post(link_for(NEW), SAID | given)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_link_that_is_old_forged_or_torn_opens_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(NEW)
    forged = signing.dumps(NEW, salt="another")
    for wrong in ("x", forged, link.split("/")[2][:-2], "%00"):
        assert Client().post(f"/begin/{wrong}/", SAID).status_code == 404
    monkeypatch.setattr("portal.beginning.LASTS_SECONDS", -1)
    answer = Client().get(link)
    assert (answer.status_code, "not good any more" in answer.content.decode()) == (404, True)
    assert SALT != "another"


def test_known_and_unknown_addresses_are_answered_alike(world: World) -> None:
    answers = []
    for email in ("ana@fjord.example", NEW):
        answer = Client().post("/begin/", {"email": email})
        answers.append(re.sub(r'X-CSRFToken": "\w+', "", answer.content.decode()).replace(email, "…"))
        assert last_mail_to(email).subject == "Start your organization on Handrail"
    assert answers[0] == answers[1]


def test_asking_without_end_is_slowed_down(db: None) -> None:
    statuses = [Client().post("/begin/", {"email": NEW}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert OrmQ.objects.count() == 3
    assert not mail.outbox


def test_where_only_operators_found_there_is_no_such_page(world: World, visit: Visit, monkeypatch: Any) -> None:
    link = link_for(NEW)
    assert visit("ana").get("begin/").status_code == 404
    monkeypatch.setattr(settings, "HANDRAIL_SELF_SERVICE", False)
    for path in ("/begin/", link):
        assert Client().get(path).status_code == 404
        assert Client().post(path, SAID).status_code == 404
    assert "/begin/" not in Client().get("/").content.decode()


def test_who_has_a_login_founds_with_it(world: World, visit: Visit) -> None:
    assert world.ana.user
    confirm_address(world.ana.user)
    ana = visit("ana").client
    said = {name: SAID[name] for name in ("organization", "slug", "zone", "team_name")}
    assert ana.post(link_for("ana@fjord.example"), said).status_code == 303
    assert 'href="/o/harbour-sons/"' in ana.get("/").content.decode()


def test_a_client_gets_a_workspace_and_its_first_contact_can_be_handed_work(world: World, visit: Visit) -> None:
    olga = visit("olga")
    team = world.team("Sales")
    answer = olga.post("settings/clients/new/", name="Contoso", team=team.pk, email="cy@contoso.example")
    workspace = Workspace.objects.get(name="Contoso")
    assert answer["Location"].endswith(f"/workspaces/{workspace.pk}/")
    assert workspace.is_client
    cy = User.objects.create_user("cy@contoso.example", name="Cy")
    member = join(raw_token=mailed_key("cy@contoso.example"), user=cy, at=Invitation.objects.latest("id").created_at)
    theirs = Team.objects.get(name="Contoso")
    assert (theirs.kind, theirs.lead) == (Team.Kind.CLIENT, member)
    olga.post("settings/invitations/", email="di@contoso.example", role="client", workspace=workspace.pk)
    di = User.objects.create_user("di@contoso.example", name="Di")
    second = join(raw_token=mailed_key("di@contoso.example"), user=di, at=Invitation.objects.latest("id").created_at)
    assert theirs.pk in second.standing.team_ids
    assert "Contoso (whoever takes it first)" in visit("ana").read(_draft_there(world, workspace))


def _draft_there(world: World, workspace: Workspace) -> str:
    return f"handoffs/{world.handoff(workspace=workspace).reference}/offer/"


@pytest.mark.parametrize("path", ["settings/clients/new/", "settings/first-steps/"])
@pytest.mark.parametrize("name", ["ana", "mo", "vic", "cleo"])
def test_only_those_who_run_it_open_workspaces(name: str, path: str, world: World, visit: Visit) -> None:
    who = visit(name)
    assert who.get(path).status_code == 404
    assert who.post(path, name="X", team=world.team("Sales").pk).status_code in (404, 405)


@pytest.mark.parametrize(
    ("given", "status"),
    [({"name": ""}, 422), ({"name": "Projects"}, 409), ({"email": "ana@fjord.example"}, 409), ({"email": "x"}, 422)],
)
def test_a_client_that_cannot_be_is_refused_whole(
    given: dict[str, str], status: int, world: World, visit: Visit
) -> None:
    said = {"name": "Contoso", "team": world.team("Sales").pk, "email": "cy@contoso.example"} | given
    assert visit("olga").post("settings/clients/new/", **said).status_code == status
    assert not Workspace.objects.filter(name="Contoso").exists()
    assert not OrmQ.objects.exists()
