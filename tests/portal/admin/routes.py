"""Every address the admin has, generated from its URLconf, with rows of Fjord in it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver

from handoffs.models import Case, Flow, FlowVersion, Handoff, HandoffTemplate, Ladder, TemplateVersion
from portal.admin.urls import urlpatterns
from tenants.models import Calendar, Invitation, Member, Team, Token, Workspace
from tests.world import World

MODELS: tuple[type[Model], ...] = (Calendar, Case, Flow, FlowVersion, Handoff, HandoffTemplate, Invitation, Ladder)
MODELS += (Member, Team, TemplateVersion, Token, Workspace)
Rows = Mapping[type[Model], Any]


def _patterns(patterns: Any, prefix: str = "") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route


ROUTES = sorted({route.removeprefix("admin/") for route in _patterns(urlpatterns)})


def model_of(route: str) -> type[Model] | None:
    """Whose section the route belongs to."""
    return next((model for model in MODELS if route.startswith(section(model))), None)


def section(model: type[Model]) -> str:
    """The address of a section's list."""
    return f"{model._meta.app_label}/{model._meta.model_name}/"


def address(route: str, world: World, rows: Rows | None = None) -> str:
    """The route with one of these rows in it, else with the newest of Fjord."""
    model = model_of(route)
    if model is not None and "<" in route:
        row = (rows or {}).get(model)
        row = row or model._default_manager.filter(organization=world.organization).order_by("pk").last()
        assert row is not None, model
        route = route.replace("<path:object_id>", str(row.pk)).replace("<int:pk>", str(row.pk))
    route = route.replace("<slug:verb>", "note").replace("<slug:task>", "nothing")
    route = re.sub(r"\(\?P<app_label>.*", "tenants/", route)
    return re.sub(r"\(\?P<url>.*", "nothing/here/", route)
