"""A second organization for those who must not hear of the first."""

import pytest

from tenants.models import Organization
from tenants.scope import everyone
from tests.world import World


@pytest.fixture
def elsewhere(world: World) -> Organization:
    with everyone():
        return Organization.objects.get(slug="elsewhere")
