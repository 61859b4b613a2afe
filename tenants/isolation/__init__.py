"""The wall between organizations: what builds it in a migration, and what finds the gaps in it."""

from tenants.isolation.catalog import catalog_faults
from tenants.isolation.check import check_walls
from tenants.isolation.operations import IsolateRows, TenantReference, isolate

__all__ = ["IsolateRows", "TenantReference", "catalog_faults", "check_walls", "isolate"]
