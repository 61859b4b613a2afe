"""The lock of a family of cases: the row of the case at its top. Handoffs are locked before it, by their ids."""

from uuid import UUID

from django.db import connection

from handoffs.flows.models import Case
from tenants.records import records

_LOCK = """
SELECT root.id FROM handoffs_case AS root
 WHERE root.organization_id = %(home)s AND root.id = (
    SELECT coalesce(root_id, id) FROM handoffs_case WHERE organization_id = %(home)s AND id = %(case)s)
   FOR UPDATE
"""


def locked(organization_id: UUID, case_id: int) -> Case:
    """The case, read after its family was locked, so that it is seen as whoever came first has left it.

    Raises `Case.DoesNotExist`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"home": organization_id, "case": case_id})
    return read_case(organization_id, case_id)


def read_case(organization_id: UUID, case_id: int) -> Case:
    """The case with what carrying it on looks at; the document of its flow is read once for all cases. See `plan_of`.

    Raises `Case.DoesNotExist`.
    """
    along = ("flow_version", "workspace", "internal_workspace", "owner__user")
    given = {"home": organization_id, "id": case_id}
    for case in records(Case, _THIS, given, *along, leaving=("flow_version__document",)):
        return case
    raise Case.DoesNotExist("There is no such case here.")


_THIS = "WHERE one.organization_id = %(home)s AND one.id = %(id)s"
