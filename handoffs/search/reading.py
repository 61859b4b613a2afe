"""Looking words up.

Row security would keep PostgreSQL from using the index: `@@` is not marked as leakproof, so it may not look at a row
before the wall has. What is sought therefore stands in the wall itself: a restrictive policy on `handoffs_words` shows,
of the organization's rows, those that match a transaction-local setting (docs/decisions/search.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from handoffs.search.folding import LENGTH, words_of
from handoffs.search.models import Words
from tenants.models import Member, Role

SETTING = "handrail.sought"
TERMS = 8  # of what is typed; the others are left out
COMPLETE = 2_000  # fewer matches than these are read whole; more are looked for in the order of the list

# Beginnings from three characters on. Ours may also be behind a tilde.
_SEEK = f"""
SELECT count(*), set_config(
         '{SETTING}', '''=' || %(home)s || '''' || coalesce(string_agg(' & ' || alike, ''), ''), true)
  FROM (
    SELECT CASE WHEN %(ours)s THEN '(' || start || ' | ''~' || substr(start, 2) || ')' ELSE start END AS alike
      FROM (SELECT '''' || left(word, {LENGTH}) || CASE WHEN length(word) >= 3 THEN ''':*' ELSE '''' END AS start,
                   min(place) AS place
              FROM unnest({words_of("%(text)s::text")}) WITH ORDINALITY AS each(word, place)
             WHERE word <> '' GROUP BY 1 ORDER BY 2 LIMIT {TERMS}) AS term
  ) AS terms
"""


@contextmanager
def sought(member: Member, text: str) -> Iterator[bool]:
    """While it lasts, `Words.objects` holds only what has all these words; False when there is no word in the text."""
    asked: dict[str, str | bool] = {
        "home": str(member.organization_id),
        "text": text.encode(errors="ignore").decode().replace("\0", " "),
        "ours": member.role != Role.CLIENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEK, asked)
        (terms, _) = cursor.fetchone()
        yield bool(terms)
        cursor.execute(f"SELECT set_config('{SETTING}', '', true)")


def few(member: Member) -> list[int] | None:
    """Ids of all handoffs that have what is sought, in no order; None when there are too many to be worth a list."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS)
        cursor.execute(_FEW, [member.organization_id])
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_AS_USUAL)
    return ids if len(ids) < COMPLETE else None


# The planner takes beginnings of words for common ones and would read the whole table.
_BY_WORDS = "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)"
_AS_USUAL = "SELECT set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true)"
_FEW = f"SELECT handoff_id FROM {Words._meta.db_table} WHERE organization_id = %s LIMIT {COMPLETE}"
