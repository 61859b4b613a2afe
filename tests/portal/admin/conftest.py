"""Browsers of the cast, in the admin of Fjord."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handoffs.actions.cases import launch
from handoffs.actions.flows import revise_flow
from handoffs.lifecycle import State
from tenants.actions import change_role, issue_token
from tenants.models import Member, Role, User
from tests.portal.admin.page import Fields, filled
from tests.portal.pages.flows import review
from tests.world import World, address_of


class Visitor:
    """One person's browser at /o/fjord/admin/."""

    home = "/o/fjord/admin/"

    def __init__(self, user: User | None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str = "", **given: Any) -> Any:
        return self.client.get(self.home + path, given)

    def post(self, path: str = "", given: Any = None) -> Any:
        return self.client.post(self.home + path, given or {})

    def form(self, path: str) -> Fields:
        """What the form at this address says now."""
        response = self.get(path)
        assert response.status_code == 200, path
        return filled(response)

    def save(self, path: str, **changes: Any) -> Any:
        """Fills the form at this address in with these changes and sends it."""
        return self.post(path, {**self.form(path), **changes})


Visit = Callable[[str], Visitor]


@pytest.fixture
def furnished(world: World) -> World:
    """At least one row behind every address."""
    world.handoff(at=State.OFFERED)
    version = review(world, published=True)
    launch(version, by=world.olga, at=world.now, workspace=world.projects, title="Furniture")
    revise_flow(flow=version.flow, by=world.olga, at=world.now)
    issue_token(member=world.olga, name="Olga's own", by=world.olga, at=world.now)
    return world


@pytest.fixture
def chief(world: World) -> Member:
    """Nils, made an admin: somebody who runs the organization without owning it."""
    return change_role(member=world.nils, role=Role.ADMIN, by=world.olga, at=timezone.now())


@pytest.fixture
def visit(world: World) -> Visit:
    """`visit("olga")` is Olga's browser, `visit("nobody")` one where nobody is signed in."""

    def as_(name: str) -> Visitor:
        if name == "nobody":
            return Visitor(None)
        address = {"olga": "olga@fjord.example", "stan": "stan@elsewhere.example"}.get(name) or address_of(name)
        return Visitor(User.objects.get(email=address))

    return as_


@pytest.fixture
def olga(visit: Visit) -> Visitor:
    """The owner's browser."""
    return visit("olga")
