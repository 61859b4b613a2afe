"""Who is let in where: every address of the admin, for everybody there is."""

from typing import Any

import pytest
from django.db.models import Model

from handoffs.models import Case, Flow, FlowVersion, Handoff, HandoffTemplate, Ladder, TemplateVersion
from tenants.models import Calendar, Member, Team, Workspace
from tests.portal.admin.conftest import Visit
from tests.portal.admin.routes import MODELS, ROUTES, Rows, address, model_of, section
from tests.world import World

READ_BY_ALL = {Case, Flow, FlowVersion, Handoff, HandoffTemplate, TemplateVersion, Ladder}
SEES: dict[str, set[type[Model]]] = {
    "owner": set(MODELS),
    "admin": set(MODELS),
    "manager": READ_BY_ALL | {Workspace},
    "lead": READ_BY_ALL | {Team, Member, Calendar},
}
CHANGES: dict[str, set[type[Model]]] = {"manager": {Workspace}, "lead": {Team}}
RUNS = ("owner", "admin")
NAMES = {"owner": "olga", "admin": "nils", "manager": "mo", "lead": "lea"}
OUT = {"plain member": ("ana", 403), "viewer": ("vic", 403), "client": ("carl", 404), "client's lead": ("cleo", 404)}
OUT |= {"stranger": ("stan", 404), "nobody": ("nobody", 302)}
NEVER_ADDED = {Case, FlowVersion, Handoff, TemplateVersion}  # drafted in the portal, begun by revising a template
UPWARDS = ("template/", "flow/", "portal/")  # only a way to somewhere else
HARMLESS = ("<path:object_id>/", *UPWARDS, "<slug:verb>/", "absence/")
CHIEFS_ONLY = {"background/": 200, "background/nothing/again/": 405}
ANYWHERE = {"": 200, "jsi18n/": 200, "logout/": 405, "autocomplete/": 403, "tenants/": 302, "nothing/here/": 404}


def theirs(world: World) -> Rows:
    """What Mo manages, and what belongs to the team that Lea leads."""
    return {Workspace: world.projects, Team: world.team("Onboarding"), Member: world.ben, Calendar: world.calendar}


def expected(who: str, route: str, where: str) -> int:
    """What this person is to be answered at this address, by what they see."""
    model = model_of(route)
    if where in CHIEFS_ONLY:
        return CHIEFS_ONLY[where] if who in RUNS else 403
    if model is None:
        return ANYWHERE[where]
    what = route.removeprefix(section(model)).replace("<path:object_id>/", "").replace("<int:pk>/", "")
    if route.endswith("<path:object_id>/") or (model in (FlowVersion, TemplateVersion) and what == ""):
        return 302  # on to the page proper, which decides
    if what == "add/":
        return 200 if who in RUNS and model not in NEVER_ADDED else 403
    if model not in SEES[who]:
        return 403
    if what in UPWARDS:
        return 302
    theirs_too = ("absence/",) if who == "lead" else ()  # a lead records that one of their people is away
    button = what not in ("", "change/", "do/<slug:verb>/", *theirs_too)
    return 200 if who in RUNS or not button else 403


@pytest.mark.parametrize("who", SEES)
def test_those_who_arrange_something_see_theirs(furnished: World, chief: Member, visit: Visit, who: str) -> None:
    visitor, rows = visit(NAMES[who]), theirs(furnished)
    asked = {route: address(route, furnished, rows) for route in ROUTES}
    answers = {where: visitor.get(where).status_code for where in asked.values()}
    assert answers == {where: expected(who, route, where) for route, where in asked.items()}


@pytest.mark.parametrize("who", CHANGES)
def test_they_write_nothing_but_theirs(furnished: World, chief: Member, visit: Visit, who: str) -> None:
    visitor, rows = visit(NAMES[who]), theirs(furnished)
    before = everything(furnished)
    for route in ROUTES:
        model, harmless = model_of(route), route.endswith(HARMLESS)
        if model is None or harmless or route == section(model):
            continue
        answer = visitor.post(address(route, furnished, rows), {"_save": "1"})
        # Shown again: a form with what is missing in it, and a handoff's page, which has nothing to save.
        shown = route.endswith("change/") and model in {*CHANGES[who], Handoff}
        assert answer.status_code == (200 if shown else 403), route
    assert everything(furnished) == before


def everything(world: World) -> list[Any]:
    """Every row that a section shows."""
    return [list(m._default_manager.filter(organization=world.organization).order_by("pk").values()) for m in MODELS]


@pytest.mark.parametrize("who", OUT)
def test_everybody_else_stays_out_everywhere(furnished: World, visit: Visit, who: str) -> None:
    name, status = OUT[who]
    visitor, rows = visit(name), theirs(furnished)
    for route in ROUTES:
        where = address(route, furnished, rows)
        for answer in (visitor.get(where), visitor.post(where)):
            assert answer.status_code == status, where
            if status == 302:
                assert answer["Location"].startswith("/accounts/login/?next=/o/fjord/admin/")


def test_a_colleague_is_told_why(visit: Visit) -> None:
    for name in ("ana", "vic"):
        assert b"This is not yours to do" in visit(name).get().content
    assert b"There is nothing here" in visit("carl").get().content
