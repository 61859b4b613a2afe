"""Two organizations in one database: neither can see, name, change or break anything of the other."""

import uuid
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction
from django.db.models import Model
from guardian.shortcuts import assign_perm

from tenants.actions import (
    Founded,
    add_absence,
    cancel_absence,
    create_team,
    found,
    invite,
    issue_token,
    open_workspace,
    set_logo,
)
from tenants.isolation.catalog import tenant_models
from tenants.models import Calendar, Invitation, Member, Organization, Team, TeamMembership, Token, Workspace
from tenants.models.base import TenantForeignKey
from tenants.scope import everyone, scope
from tests.tenants.cast import AT, client_corner, login

# The smallest picture there is: one pixel.
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
OURS = [model for model in tenant_models() if model._meta.app_label == "tenants"]


@pytest.fixture(autouse=True)
def both_are_full(north: Founded, south: Founded) -> None:
    """Every table of ours has rows of both."""
    for place in (north, south):
        client_corner(place, "Cleo" if place is north else "Cyd")
        with scope(place.organization):
            Team.objects.update(backup=None)
            invite(email="x@people.example", team=place.team, workspace=place.workspace, by=place.owner, at=AT)
            issue_token(member=place.owner, name="t", by=place.owner, at=AT)
            day = {"starts_at": AT, "ends_at": AT + timedelta(days=1)}
            cancel_absence(absence=add_absence(member=place.owner, by=place.owner, at=AT, **day), by=place.owner, at=AT)
            set_logo(picture=DOT, by=place.owner, at=AT)
            assign_perm("tenants.view_workspace", place.owner.user, place.workspace)


@pytest.mark.parametrize("model", [*OURS, Organization], ids=lambda model: model.__name__)
def test_one_sees_ones_own_and_outside_one_sees_nothing(model: type[Model], north: Founded, south: Founded) -> None:
    rows = model._default_manager
    key = "pk" if model is Organization else "organization_id"
    seen = []
    for place in (north, south):
        with scope(place.organization):
            seen.append(set(rows.values_list("pk", flat=True)))
            assert set(rows.values_list(key, flat=True)) == {place.organization.pk}
    assert all(seen)
    assert seen[0].isdisjoint(seen[1])
    with everyone():
        assert set(rows.values_list("pk", flat=True)) >= seen[0] | seen[1]
    assert not rows.exists()
    with scope(uuid.uuid4()):
        assert not rows.exists()


@pytest.mark.parametrize("model", [*OURS, Organization], ids=lambda model: model.__name__)
def test_nobody_changes_or_deletes_what_is_not_theirs(model: type[Model], north: Founded, south: Founded) -> None:
    table = model._meta.db_table
    column = "id" if model is Organization else "organization_id"
    with scope(north.organization), connection.cursor() as cursor:
        for statement in (f'delete from "{table}"', f'update "{table}" set "{column}" = "{column}"'):
            cursor.execute(f'{statement} where "{column}" = %s', [south.organization.pk])
            assert cursor.rowcount == 0


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_row_is_moved_or_put_into_another_organization(model: type[Model], north: Founded, south: Founded) -> None:
    table = model._meta.db_table
    with scope(north.organization), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(f'update "{table}" set organization_id = %s', [south.organization.pk])
        row = model._default_manager.first()
        assert row is not None
        row.pk, row._state.adding = None, True
        row.organization = south.organization  # type: ignore[attr-defined]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            models.Model.save(row, force_insert=True)


def references() -> list[tuple[type[Model], str]]:
    """Every reference between tables of an organization, of tenants."""
    return [
        (model, field.name)
        for model in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, TenantForeignKey)
    ]


@pytest.mark.parametrize(
    ("model", "name"), references(), ids=lambda value: value if isinstance(value, str) else value.__name__
)
@pytest.mark.parametrize("all_in_sight", [False, True])
def test_no_reference_leaves_the_organization(
    model: type[Model], name: str, all_in_sight: bool, north: Founded, south: Founded
) -> None:
    """Not even while everybody's rows are visible."""
    field: Any = model._meta.get_field(name)
    with scope(south.organization):
        theirs = field.related_model._default_manager.values_list("pk", flat=True).first()
    assert theirs is not None
    table = model._meta.db_table
    with everyone() if all_in_sight else scope(north.organization), connection.cursor() as cursor:
        cursor.execute(
            f'update "{table}" set "{field.column}" = %s '
            f'where id = (select max(id) from "{table}" where organization_id = %s)',
            [theirs, north.organization.pk],
        )
        assert cursor.rowcount == 1
        with pytest.raises(IntegrityError, match="_tenant_fk"), transaction.atomic():
            cursor.execute("set constraints all immediate")
        transaction.set_rollback(True)


def test_deleting_at_home_never_reaches_another_organization(north: Founded, south: Founded) -> None:
    """A row that pointed across would be deleted with its target: there can be none, and Django finds none."""
    with scope(south.organization):
        before = TeamMembership.objects.count()
    with scope(north.organization):
        TeamMembership.objects.all().delete()
        Invitation.objects.all().delete()
        Token.objects.all().delete()
        Team.objects.all().delete()
        Workspace.objects.all().delete()
        assert not Team.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("truncate tenants_workspace")  # row security does not know it; the references refuse
    with scope(south.organization):
        assert TeamMembership.objects.count() == before
        assert Workspace.objects.count() == Team.objects.count() == 2


def test_names_and_addresses_tell_nothing_across(north: Founded, south: Founded) -> None:
    """What is unique is unique per organization: a taken name elsewhere is free here, and refused nowhere."""
    for place in (north, south):
        with scope(place.organization):
            create_team(name="Secret", lead=place.owner, calendar=place.calendar, by=place.owner, at=AT)
            open_workspace(name="Merger", by=place.owner, at=AT)
            Calendar.objects.create(organization=place.organization, name="Nights")
            invite(email="target@people.example", by=place.owner, at=AT)
            Member.objects.create(organization=place.organization, user=login("Both"), name="Both")


def test_unique_keys_begin_at_home() -> None:
    """Every unique key of ours holds the organization, or an id, which nobody chooses: no name can be probed."""
    telling = []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select c.relname, i.relname, array(select a.attname::text from unnest(x.indkey) k(n)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n)
            from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
            where x.indisunique and c.relname = any(%s)
            """,
            [[model._meta.db_table for model in OURS]],
        )
        for table, index, columns in cursor.fetchall():
            holds_a_row_of_home = any(column == "id" or column.endswith("_id") for column in columns)
            if "organization_id" not in columns and not holds_a_row_of_home:
                telling.append((table, index, columns))
    assert telling == []


def test_a_row_without_an_organization_cannot_be(north: Founded) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Calendar.objects.create(name="Nowhere")
    with scope(north.organization):
        assert Calendar.objects.create(name="Here").organization_id == north.organization.pk


def test_a_new_organization_is_founded_beside_the_others(north: Founded, south: Founded) -> None:
    with scope(north.organization):
        third = found(name="Third", slug="third", owner=login("Theo"), at=AT)
        assert list(Organization.objects.all()) == [north.organization]
    with scope(third.organization):
        assert Member.objects.count() == 2
