"""The setting in the database and the one in Python say the same, and both end when they must."""

from contextvars import copy_context
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from tenants.actions import Founded
from tenants.models import Organization, Team
from tenants.scope import arriving, current_organization_id, everyone, scope

from .cast import settle

ONE = UUID(int=1)
TWO = UUID(int=2)


def in_force() -> tuple[UUID | None, bool]:
    """What the database believes, after making sure that Python believes the same organization."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('handrail.organization', true), current_setting('handrail.everyone', true)"
        )
        organization, everybody = cursor.fetchone()
    assert current_organization_id() == (UUID(organization) if organization else None)
    return current_organization_id(), everybody == "on"


@pytest.mark.django_db
def test_nesting_restores_what_was_in_force() -> None:
    with scope(ONE):
        assert in_force() == (ONE, False)
        with scope(TWO):
            assert in_force() == (TWO, False)
            with everyone():
                assert in_force() == (TWO, True)
                with scope(ONE):
                    assert in_force() == (ONE, False)
                assert in_force() == (TWO, True)
            assert in_force() == (TWO, False)
        assert in_force() == (ONE, False)
    assert in_force() == (None, False)


@pytest.mark.django_db
def test_a_failure_inside_restores_too() -> None:
    with scope(ONE):
        with pytest.raises(ZeroDivisionError), scope(TWO):
            raise ZeroDivisionError
        assert in_force() == (ONE, False)
        with pytest.raises(ZeroDivisionError), everyone():
            raise ZeroDivisionError
        assert in_force() == (ONE, False)


@pytest.mark.django_db
def test_a_scope_marked_for_rollback_ends_quietly() -> None:
    with scope(ONE):
        with scope(TWO):
            transaction.set_rollback(True)
        assert in_force() == (ONE, False)


def test_nothing_outlives_the_outermost_scope(alone: str) -> None:
    with scope(ONE):
        assert in_force() == (ONE, False)
    assert in_force() == (None, False)
    with everyone():
        assert in_force() == (None, True)
    assert in_force() == (None, False)


def test_callbacks_after_the_commit_are_outside(alone: str) -> None:
    seen: list[UUID | None] = []
    with scope(ONE):
        transaction.on_commit(lambda: seen.append(in_force()[0]))
    assert seen == [None]


def test_entering_costs_one_statement_and_leaving_none(alone: str, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(3) as captured, scope(ONE):
        pass
    first, second, third = (each["sql"] for each in captured.captured_queries)
    assert (first, third) == ("BEGIN", "COMMIT")
    assert "set_config" in second


@pytest.mark.django_db
def test_the_same_scope_again_says_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with scope(ONE), django_assert_num_queries(2) as captured, scope(ONE):
        pass
    assert all("SAVEPOINT" in each["sql"] for each in captured.captured_queries)


def test_a_context_carried_to_another_thread_is_not_believed(alone: str) -> None:
    """Python's context travels with a job handed to a thread; the transaction, on another connection, does not."""
    seen: list[object] = []

    def work() -> None:
        assert current_organization_id() == ONE
        with scope(ONE):
            seen.append(in_force())
        connection.close()

    with scope(ONE):
        thread = Thread(target=copy_context().run, args=(work,))
        thread.start()
        thread.join()
    assert seen == [(ONE, False)]


def test_an_organization_or_its_id(north: Founded) -> None:
    with scope(north.organization):
        assert current_organization_id() == north.organization.pk
        assert list(Organization.objects.all()) == [north.organization]
    with scope(north.organization.pk):
        assert list(Organization.objects.all()) == [north.organization]


def test_arriving_sees_everybody_and_then_one_organization(north: Founded, south: Founded) -> None:
    with arriving() as enter:
        assert in_force() == (None, True)
        assert {team.organization_id for team in Team.objects.all()} >= {north.organization.pk, south.organization.pk}
        enter(north.organization)
        assert in_force() == (north.organization.pk, False)
        assert {team.organization_id for team in Team.objects.all()} == {north.organization.pk}
    assert in_force() == (None, False)


def test_arriving_inside_a_scope_puts_it_back(north: Founded) -> None:
    with scope(ONE):
        with arriving() as enter:
            assert in_force() == (ONE, True)
            enter(north.organization)
            assert in_force() == (north.organization.pk, False)
        assert in_force() == (ONE, False)
        with arriving():
            pass
        assert in_force() == (ONE, False)


def test_arriving_where_everybody_is_in_force_puts_that_back(north: Founded) -> None:
    with scope(ONE), everyone():
        with arriving() as enter:
            enter(north.organization)
        assert in_force() == (ONE, True)
        with pytest.raises(ZeroDivisionError), arriving() as enter:
            enter(north.organization)
            raise ZeroDivisionError
        assert in_force() == (ONE, True)
        with arriving() as enter:
            enter(north.organization)
            transaction.set_rollback(True)
        assert in_force() == (ONE, True)


def test_nothing_outlives_an_arrival(alone: str) -> None:
    organization = settle(alone, alone).organization
    seen: list[object] = []
    with arriving() as enter:
        enter(organization)
        transaction.on_commit(lambda: seen.append(in_force()))
    assert seen == [(None, False)]
    assert in_force() == (None, False)
