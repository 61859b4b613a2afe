"""The wall around the admin, and what it leaves out; who is let in is asked in test_matrix."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory

from handoffs.models import FlowVersion, TemplateVersion
from portal.admin.site import site
from tenants.scope import everyone
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.routes import MODELS, ROUTES
from tests.world import World


def test_there_are_addresses_to_ask() -> None:
    assert len(ROUTES) > 30
    assert not [route for route in ROUTES if route.endswith(("delete/", "history/")) or "password" in route]
    assert not [route for route in ROUTES if route.startswith(("r/", "search/", "login/"))]


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
    assert answer.status_code == 404
    assert olga.post(f"{path}/{pk}/change/", {"name": "Ours now"}).status_code in (403, 404)
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
    sections = [model for model in site._registry if model not in (FlowVersion, TemplateVersion)]
    for model in sections:
        assert f'href="/o/fjord/admin/{model._meta.app_label}/{model._meta.model_name}/"' in text
    assert len(sections) == 11


def test_the_library_writes_no_log(world: World, visit: Visit) -> None:
    visit("olga").save(f"tenants/team/{world.team('Sales').pk}/change/", name="Selling")
    assert not LogEntry.objects.exists()
