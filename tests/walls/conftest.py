"""The two organizations of tests/tenants."""

from tests.tenants.conftest import north, south

__all__ = ["north", "south"]
