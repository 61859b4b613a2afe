"""The lock of a family of cases: the row of the case at its top. Handoffs are locked before it, by their ids."""

from uuid import UUID

from django.db import connection

from handoffs.flows.models import Case

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
    cases = Case.objects.select_related("flow_version", "workspace", "internal_workspace", "owner__user")
    return cases.defer("flow_version__document").get(organization_id=organization_id, pk=case_id)
