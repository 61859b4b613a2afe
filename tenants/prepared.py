"""Statements written by hand that the server plans once per connection instead of at each request.

Planning took longer than reading for what every request asks. Only statements whose constants are written out belong
here: a plan made for any value of a parameter cannot use a partial index that is meant for one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor


def fetch_all(statement: str, given: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    """All rows of one statement, as tuples; none of one that only writes.

    Planned once when the connection has a `prepare_threshold` (HANDRAIL_PREPARE), otherwise each time: a pooler that
    shares connections between transactions may not know prepared statements.
    """
    connection.ensure_connection()
    assert connection.connection is not None
    bare: Any = Cursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(bare) as cursor:
        cursor.execute(statement, given)
        rows: list[Any] = cursor.fetchall() if cursor.description else []
    return rows
