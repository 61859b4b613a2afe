"""The check of the wall, proved by breaking the wall in every way it knows."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal import database, embedded
from portal.environment import current
from tenants.isolation import catalog_faults
from tenants.isolation.catalog import tenant_models
from tenants.isolation.operations import POLICY, policy_condition

pytestmark = pytest.mark.django_db

HERE = policy_condition("organization_id")
DEFINER = (
    "create function peek() returns bigint language sql security definer {} as 'select count(*) from tenants_team'"
)

# What is done to the database, and what the check must say about it.
BREAKS = {
    "row security off": (
        "alter table tenants_team disable row level security",
        "Row security is not enabled on tenants_team.",
    ),
    "not forced": (
        "alter table tenants_team no force row level security",
        "Row security is not forced on tenants_team",
    ),
    "organizations themselves": (
        "alter table tenants_organization disable row level security",
        "Row security is not enabled on tenants_organization.",
    ),
    "no policy": (f"drop policy {POLICY} on tenants_team", "tenants_team lacks the policy"),
    "another policy": ("create policy open on tenants_team using (true)", "a policy that is not ours: open"),
    "a wider policy": (
        f"alter policy {POLICY} on tenants_team using ({HERE} or name = 'Everyone')",
        "The policy of tenants_team does not say what it must",
    ),
    "writes unchecked": (
        f"alter policy {POLICY} on tenants_team with check (true)",
        "The policy of tenants_team does not say what it must",
    ),
    "for reading only": (
        f"drop policy {POLICY} on tenants_team; create policy {POLICY} on tenants_team for select using ({HERE})",
        "The policy of tenants_team is not for all commands and roles.",
    ),
    "for one role": (
        f"alter policy {POLICY} on tenants_team to current_user",
        "The policy of tenants_team is not for all commands and roles.",
    ),
    "a plain reference": (
        "alter table tenants_teammembership add constraint plain foreign key (team_id) references tenants_team (id)",
        "The reference plain from tenants_teammembership to tenants_team leaves out the organization.",
    ),
    "a plain reference from outside": (
        "create table outsider (id int, team_id bigint references tenants_team (id))",
        "from outsider to tenants_team leaves out the organization.",
    ),
    "a missing reference": (
        "alter table tenants_team drop constraint tenants_team_lead_id_tenant_fk",
        "tenants.Team.lead lacks its composite, deferred reference.",
    ),
    "an immediate reference": (
        "alter table tenants_team alter constraint tenants_team_lead_id_tenant_fk not deferrable",
        "tenants.Team.lead lacks its composite, deferred reference.",
    ),
    "a reference that old rows need not keep": (
        "alter table tenants_team drop constraint tenants_team_lead_id_tenant_fk;"
        "alter table tenants_team add constraint tenants_team_lead_id_tenant_fk foreign key (organization_id, lead_id)"
        " references tenants_member (organization_id, id) deferrable initially deferred not valid",
        "tenants.Team.lead lacks its composite, deferred reference.",
    ),
    "a missing table": ("drop table tenants_token", "The table tenants_token does not exist."),
    "a view": (
        "create view all_teams as select * from tenants_team",
        "The view all_teams reads with its owner's rights",
    ),
    "a view that says no": (
        "create view all_teams with (security_invoker = false) as select * from tenants_team",
        "The view all_teams reads with its owner's rights",
    ),
    "a materialized view": (
        "create materialized view kept as select * from tenants_team",
        "The materialized view kept keeps rows",
    ),
    "a definer's function": (DEFINER.format(""), "The function peek runs with its owner's rights"),
}
FINE = {
    "a view of the caller": "create view all_teams with (security_invoker = true) as select * from tenants_team",
    "an invoker's function": DEFINER.format("").replace("definer", "invoker"),
}


@pytest.fixture
def undone() -> Iterator[None]:
    """Whatever is broken here is whole again afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_wall_stands() -> None:
    assert len(tenant_models()) >= 9
    assert catalog_faults(connection) == []


@pytest.mark.parametrize("name", BREAKS)
def test_each_gap_is_found(name: str, undone: None) -> None:
    statement, sentence = BREAKS[name]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(statement)
    faults = catalog_faults(connection)
    assert any(sentence in fault for fault in faults), faults


def test_a_reference_that_is_only_written_down_is_found(undone: None) -> None:
    if connection.pg_version < 180000:
        pytest.skip("PostgreSQL has such references since 18")
    with connection.cursor() as cursor:
        cursor.execute("alter table tenants_team alter constraint tenants_team_lead_id_tenant_fk not enforced")
    assert catalog_faults(connection) == ["tenants.Team.lead lacks its composite, deferred reference."]


@pytest.mark.parametrize("name", FINE)
def test_what_is_fine_is_not_reported(name: str, undone: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FINE[name])
    assert catalog_faults(connection) == []


def test_a_reviewed_function_must_still_pin_its_path(undone: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DEFINER.format(""))
        assert catalog_faults(connection, definers={"peek"}) == ["The function peek must pin its search_path."]
        cursor.execute("alter function peek() set search_path = pg_catalog, public")
    assert catalog_faults(connection, definers={"peek"}) == []


def test_the_system_check_says_it_and_fails(undone: None) -> None:
    call_command("check", databases=["default"], fail_level="WARNING", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(BREAKS["not forced"][0])
    with pytest.raises(SystemCheckError, match=r"tenants\.E001.*not forced on tenants_team"):
        call_command("check", databases=["default"])


def test_the_check_waits_for_migrations(undone: None) -> None:
    """It runs at the beginning of every `migrate`, which may be about to mend what it would complain about."""
    with connection.cursor() as cursor:
        cursor.execute(BREAKS["not forced"][0])
        cursor.execute("delete from django_migrations where app = 'tenants'")
    call_command("check", databases=["default"], fail_level="WARNING", stdout=StringIO())


@pytest.fixture
def superuser() -> Iterator[BaseDatabaseWrapper]:
    """A connection to the same database as the one role that row security does not bind."""
    if not database.is_embedded(current()):
        pytest.skip("only the embedded server lets us in as its superuser")
    other = connection.copy("superuser")
    other.settings_dict["USER"] = embedded.BOOTSTRAP
    yield other
    other.close()


def test_the_role_matters(superuser: BaseDatabaseWrapper) -> None:
    faults = catalog_faults(superuser)
    assert faults == [
        f"The role {embedded.BOOTSTRAP} is a superuser: row security does not apply to it.",
        f"The role {embedded.BOOTSTRAP} may bypass row security.",
    ]
    superuser.set_autocommit(False)
    with superuser.cursor() as cursor:
        cursor.execute("create role passer bypassrls; grant usage on schema public to passer; set local role passer")
    assert catalog_faults(superuser) == ["The role passer may bypass row security."]
    superuser.rollback()


def test_the_tests_themselves_are_bound() -> None:
    """A suite that runs as superuser passes without any wall at all."""
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)
    assert settings.DATABASES["default"]["USER"] != embedded.BOOTSTRAP
