"""The same wall around every table of the product, with whatever rows a finished handoff leaves in it."""

import uuid

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from handoffs.actions.templates import prove_due
from handoffs.lifecycle import State
from tenants.isolation.catalog import tenant_models
from tenants.models import Organization
from tenants.scope import everyone, scope
from tests.handoffs.flows.playing import begun, does, plan, put_in_force, step
from tests.world import World

EVERY = sorted(tenant_models(), key=lambda model: model._meta.label)


@pytest.fixture(autouse=True)
def finished(world: World) -> None:
    """A handoff that has been through everything, a case on its way, and what the worker makes by itself."""
    world.handoff(State.COMPLETED)
    case = begun(world, put_in_force(world, plan(step("a"), step("b", "a", role="sales"))))
    does(world, case, "a", world.ben)
    prove_due(world.organization.id, world.now)


@pytest.fixture
def elsewhere(db: None) -> Organization:
    with everyone():
        return Organization.objects.get(slug="elsewhere")


def test_rows_exist_at_home_only(world: World, elsewhere: Organization) -> None:
    for model in EVERY:
        rows = model._base_manager
        ours = set(rows.values_list("pk", flat=True))
        assert set(rows.values_list("organization_id", flat=True)) <= {world.organization.pk}, model
        with scope(elsewhere):
            assert ours.isdisjoint(rows.values_list("pk", flat=True)), model
            assert not rows.filter(organization_id=world.organization.pk).exists(), model
        with scope(uuid.uuid4()):
            assert not rows.exists(), model


def test_no_row_is_smuggled_out(world: World, elsewhere: Organization) -> None:
    """A copy of any row, said to belong to the other organization, is refused before anything else is looked at."""
    tried = [model for model in EVERY if model._base_manager.exists()]
    assert len(tried) > len(EVERY) / 2
    for model in tried:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            copy_out(model, elsewhere)


def copy_out(model: type[Model], to: Organization) -> None:
    """Insert a copy of some row of this table as a row of another organization."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not (field.generated or field.primary_key)]
    taken = ", ".join("%s::uuid" if column == "organization_id" else f'"{column}"' for column in columns)
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'insert into "{table}" ({listed}) select {taken} from "{table}" limit 1', [to.pk])
