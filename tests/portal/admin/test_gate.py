"""Who is let into the admin: asked of every address it has, generated from the URLconf."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver

from handoffs.lifecycle import State
from handoffs.models import Handoff, HandoffTemplate, Ladder, TemplateVersion
from portal.admin.site import site
from portal.admin.urls import urlpatterns
from tenants.actions import issue_token
from tenants.models import Calendar, Invitation, Member, Team, Token, Workspace
from tenants.scope import everyone
from tests.portal.admin.conftest import Visit, Visitor
from tests.world import World

MODELS = (Calendar, Handoff, HandoffTemplate, Invitation, Ladder, Member, Team, TemplateVersion, Token, Workspace)


def _patterns(patterns: Any, prefix: str = "") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route


ROUTES = sorted({route.removeprefix("admin/") for route in _patterns(urlpatterns)})


def _address(route: str, world: World) -> str:
    """The route with a row of Fjord in it."""
    for model in MODELS:
        if route.startswith(f"{model._meta.app_label}/{model._meta.model_name}/"):
            row: Any = model._default_manager.filter(organization=world.organization).order_by("pk").last()
            assert row is not None, model
            route = route.replace("<path:object_id>", str(row.pk)).replace("<int:pk>", str(row.pk))
    route = route.replace("<slug:verb>", "note").replace("<slug:task>", "nothing").replace("<path:object_id>", "1")
    route = re.sub(r"\(\?P<app_label>.*", "tenants/", route)
    return re.sub(r"\(\?P<url>.*", "nothing/here/", route)


@pytest.fixture
def furnished(world: World) -> World:
    """At least one row behind every address."""
    world.handoff(at=State.OFFERED)
    issue_token(member=world.olga, name="Olga's own", by=world.olga, at=world.now)
    return world


def _answers(visitor: Visitor, world: World) -> dict[str, int]:
    addresses = [_address(route, world) for route in ROUTES]
    return {address: visitor.get(address).status_code for address in addresses}


def test_there_are_addresses_to_ask() -> None:
    assert len(ROUTES) > 30
    assert not [route for route in ROUTES if route.endswith(("delete/", "history/")) or "password" in route]
    assert not [route for route in ROUTES if route.startswith(("r/", "search/", "login/"))]


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_owner_and_admin_are_let_in_everywhere(furnished: World, chief: Member, visit: Visit, name: str) -> None:
    # A place where nothing is added is 403 for everybody, what needs a POST 405, the catch-all 404.
    answers = _answers(visit(name), furnished)
    closed = {"handoffs/handoff/add/": 403, "handoffs/templateversion/add/": 403, "logout/": 405, "nothing/here/": 404}
    closed["background/nothing/again/"] = 405
    closed["autocomplete/"] = 403  # without a field to complete
    refused = {address: status for address, status in answers.items() if status >= 400}
    assert refused == {address: closed[address] for address in refused}
    assert len(answers) - len(refused) > 30


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("mo", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_everybody_else_is_kept_out_everywhere(furnished: World, visit: Visit, name: str, status: int) -> None:
    assert set(_answers(visit(name), furnished).values()) == {status}


def test_a_colleague_is_told_why(visit: Visit) -> None:
    assert b"This is not yours to do" in visit("ana").get().content


def test_nobody_is_sent_to_sign_in(furnished: World, visit: Visit) -> None:
    nobody = visit("nobody")
    for route in ROUTES:
        answer = nobody.get(_address(route, furnished))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=/o/fjord/admin/")


def test_there_is_no_admin_outside_of_an_organization(world: World, visit: Visit) -> None:
    olga = visit("olga").client
    assert olga.get("/admin/").status_code == 404
    assert olga.get("/admin/tenants/team/").status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_a_row_of_another_organization_is_not_there(furnished: World, olga: Visitor, model: Any) -> None:
    with everyone():
        theirs = model._default_manager.exclude(organization=furnished.organization).order_by("pk").first()
    path = f"{model._meta.app_label}/{model._meta.model_name}"
    pk = theirs.pk if theirs else 999_999_999
    answer = olga.get(f"{path}/{pk}/change/")
    assert answer.status_code == 302
    assert answer["Location"] == "/o/fjord/admin/"
    assert olga.post(f"{path}/{pk}/change/", {"name": "Ours now"}).status_code in (302, 403)
    for action in ("leave", "revise", "publish", "withdraw", "revoke", "template", "do/note"):
        assert olga.post(f"{path}/{pk}/{action}/", {"body": "x"}).status_code in (302, 404)
    if theirs:
        with everyone():
            fresh = model._default_manager.get(pk=theirs.pk)
        assert {k: v for k, v in vars(fresh).items() if k != "_state"} == {
            k: v for k, v in vars(theirs).items() if k != "_state"
        }


@pytest.mark.parametrize("model", MODELS)
def test_a_section_asks_for_its_own_organization_alone(furnished: World, model: Any) -> None:
    request = RequestFactory().get("/")
    request.member = furnished.olga  # type: ignore[attr-defined]
    with everyone():  # row security lets every row through here
        rows = list(site.get_model_admin(model).get_queryset(request))
    assert rows
    assert {row.organization_id for row in rows} == {furnished.organization.pk}


def test_alpine_may_evaluate_here_and_nowhere_else(world: World, visit: Visit) -> None:
    olga = visit("olga")
    assert "'unsafe-eval'" in olga.get()["Content-Security-Policy"]
    assert "'unsafe-inline'" not in olga.get()["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    assert "unsafe" not in olga.client.get("/o/fjord/")["Content-Security-Policy"]


def test_signing_out_takes_a_post(visit: Visit) -> None:
    olga = visit("olga")
    assert olga.get("logout/").status_code == 405
    assert olga.post("logout/")["Location"] == "/"
    assert olga.get().status_code == 302


def test_every_section_is_in_the_sidebar(world: World, visit: Visit) -> None:
    text = visit("olga").get().content.decode()
    sections = [model for model in site._registry if model is not TemplateVersion]
    for model in sections:
        assert f'href="/o/fjord/admin/{model._meta.app_label}/{model._meta.model_name}/"' in text
    assert len(sections) == 9


def test_the_library_writes_no_log(world: World, visit: Visit) -> None:
    visit("olga").save(f"tenants/team/{world.team('Sales').pk}/change/", name="Selling")
    assert not LogEntry.objects.exists()
