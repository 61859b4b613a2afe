"""The organization now in force: one transaction, and a setting that ends with it.

Row security compares every row with this setting. It is transaction-local because a session-level one
would travel to the next client of a shared connection.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

if TYPE_CHECKING:
    from tenants.models import Organization

ORGANIZATION_SETTING = "handrail.organization"
EVERYONE_SETTING = "handrail.everyone"


@dataclass(frozen=True)
class InForce:
    """What row security lets through at this moment."""

    organization: UUID | None = None
    everyone: bool = False


_NOTHING = InForce()
_in_force: ContextVar[InForce] = ContextVar("handrail_in_force", default=_NOTHING)


def current_organization_id() -> UUID | None:
    """The id of the organization now in force, None outside of every scope."""
    return _in_force.get().organization


@contextmanager
def scope(organization: "Organization | UUID") -> Iterator[None]:
    """Run the block in one transaction in which only this organization's rows exist."""
    key = organization if isinstance(organization, UUID) else organization.pk
    with _enforce(InForce(organization=key)):
        yield


@contextmanager
def everyone() -> Iterator[None]:
    """Run the block in one transaction in which every organization's rows exist; few modules may call this."""
    with _enforce(replace(_former(), everyone=True)):
        yield


@contextmanager
def arriving() -> Iterator[Callable[["Organization"], None]]:
    """Run the block in one transaction that begins like `everyone()` and goes on like `scope()`.

    It ends the former by calling what it is given with the organization; only the address may begin it, to find who
    is asking and serve them without a second transaction.
    """

    def enter(organization: "Organization") -> None:
        wanted = InForce(organization=organization.pk)
        _tell_database(wanted)
        _in_force.set(wanted)

    former = _former()
    with everyone():
        yield enter
        # `everyone()` puts back what it had to change; where it was in force before, only `enter` changed anything.
        if former.everyone and not connection.needs_rollback:
            _tell_database(former)


@contextmanager
def _enforce(wanted: InForce) -> Iterator[None]:
    """Put `wanted` in force for the block, and back what was in force before it."""
    former = _former()
    nested = connection.in_atomic_block
    with transaction.atomic():
        if wanted != former:
            _tell_database(wanted)
        token = _in_force.set(wanted)
        try:
            yield
        finally:
            # Before the commit: callbacks that run after it must not believe that the setting still holds.
            _in_force.reset(token)
        # Commit ends the setting by itself, and so does the rollback to a savepoint; only releasing one does not.
        if nested and wanted != former and not connection.needs_rollback:
            _tell_database(former)


def _former() -> InForce:
    """What is in force now; nothing, whatever was set before, when no transaction is open on this connection."""
    return _in_force.get() if connection.in_atomic_block else _NOTHING


def _tell_database(state: InForce) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config(%s, %s, true), set_config(%s, %s, true)",
            [
                ORGANIZATION_SETTING,
                str(state.organization or ""),
                EVERYONE_SETTING,
                "on" if state.everyone else "",
            ],
        )
