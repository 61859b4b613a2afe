"""Browsers of the cast: each person signed in, at home in Fjord."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.models import User
from tests.world import World, address_of

Visit = Callable[[str], "Visitor"]


class Visitor:
    """One person's browser at /o/fjord/."""

    def __init__(self, user: User, home: str = "/o/fjord/") -> None:
        self.client = Client()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.home = home

    def get(self, path: str = "", **given: Any) -> Any:
        return self.client.get(self.home + path, given)

    def post(self, path: str = "", **given: Any) -> Any:
        return self.client.post(self.home + path, given)

    def read(self, path: str = "", **given: Any) -> str:
        """The text of a page that must be there."""
        answer = self.get(path, **given)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


@pytest.fixture
def visit(world: World) -> Visit:
    """`visit("ana")` is Ana's browser; `visit("stan")` belongs to another organization."""

    def as_(name: str) -> Visitor:
        address = {"olga": "olga@fjord.example", "stan": "stan@elsewhere.example"}.get(name) or address_of(name)
        return Visitor(User.objects.get(email=address))

    return as_
