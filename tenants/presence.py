"""Who is still here when the transaction ends: nobody leaves in the instant in which something is entrusted to them."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from tenants.models import Member

# Many may hold somebody at once, and none of them waits for another; only who leaves waits for all of them.
_STAY = "SELECT 1 FROM tenants_member WHERE organization_id = %s AND id = %s AND left_at IS NULL FOR SHARE"
_ALL_STAY = (
    "SELECT id FROM tenants_member WHERE organization_id = %s AND id = ANY(%s) AND left_at IS NULL "
    "ORDER BY id FOR SHARE"
)


def stays(member: Member) -> bool:
    """Whether the member is still here; if so, they stay until this transaction ends.

    One statement. It waits for a departure that is under way. Ask it after the lock on what is entrusted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAY, [member.organization_id, member.pk])
        return cursor.fetchone() is not None


def all_stay(members: Collection[Member]) -> set[int]:
    """The keys of those among them who are still here, and who stay until this transaction ends. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_STAY, [next(iter(members)).organization_id, sorted({m.pk for m in members})])
        return {row[0] for row in cursor.fetchall()}


def departs_alone(organization_id: UUID) -> None:
    """One departure at a time in an organization: of two people who name each other, the second learns of the first.

    Taken before any row, and by departures only; otherwise each would hold the other and wait to be let go.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"departure of {organization_id}"])


def let_go(member: Member) -> None:
    """Waits for everybody who holds the member here; from now on `stays` waits for this transaction, and denies."""
    Member.objects.select_for_update(of=("self",)).get(organization_id=member.organization_id, pk=member.pk)
