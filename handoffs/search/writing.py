"""Keeps the words of handoffs as they are written: in the same transaction, by one statement for any number of them."""

from collections.abc import Collection

from handoffs.lifecycle import Verb
from handoffs.search.folding import LENGTH, words_of
from tenants.prepared import fetch_all

# The verbs that bring new words; the others leave them as they were.
BRINGS_WORDS = frozenset({Verb.EDIT, Verb.NOTE, Verb.ASK, Verb.ANSWER, Verb.ATTACH, Verb.LINK, Verb.COMPLETE})

MOST = 4000  # different words of one handoff; what comes first is kept
_READ = 200_000  # characters


def _values(fields: str, hidden: str, which: str) -> str:
    """SQL for the texts inside of values that people gave, at any depth."""
    return f"""
        SELECT string_agg(inside #>> ARRAY[]::text[], ' ')
          FROM jsonb_each({fields}) AS given(key, value), jsonb_path_query(value, 'strict $.**') AS inside
         WHERE jsonb_typeof(inside) IN ('string', 'number') AND {which} = (key = ANY({hidden}))
           AND key <> ALL(asked.people)"""


def _rows(table: str, text: str, which: str) -> str:
    """SQL for the texts of rows that travel with the handoff."""
    return f"SELECT string_agg({text}, ' ' ORDER BY id) FROM {table} WHERE handoff_id = one.id AND internal = {which}"


def _told(which: str) -> str:
    """SQL for all the text of one handoff that is internal, or that is not."""
    own = ["one.number::text", "one.title", "one.summary"] if which == "false" else []
    inside = (
        _values("one.context", "asked.sender", which),
        _values("one.result", "asked.receiver", which),
        _rows("handoffs_note", "body", which),
        _rows("handoffs_question", "body || ' ' || answer", which),
        _rows("handoffs_document", "name", which) + " AND is_latest",
        _rows("handoffs_link", "label || ' ' || url", which),
    )
    return f"left(concat_ws(' ', {', '.join((*own, *(f'({each})' for each in inside)))}), {_READ})"


def _once(words: str) -> str:
    """The different words, as many as are kept, in the order in which they come."""
    return (
        f"ARRAY(SELECT left(word, {LENGTH}) FROM unnest({words}) WITH ORDINALITY AS each(word, place) WHERE word <> '' "
        f"GROUP BY 1 ORDER BY min(place) LIMIT {MOST})"
    )


_WRITE = f"""
INSERT INTO handoffs_words (organization_id, handoff_id, words)
SELECT one.organization_id, one.id, array_to_tsvector(
         ARRAY['=', '=' || one.organization_id] || {_once(words_of(_told("false")))}
         || ARRAY(SELECT '~' || word FROM unnest({_once(words_of(_told("true")))}) AS word))
  FROM handoffs_handoff AS one
 CROSS JOIN LATERAL (
   SELECT coalesce(array_agg(key) FILTER (WHERE internal AND side = 'sender'), '{{}}') AS sender,
          coalesce(array_agg(key) FILTER (WHERE internal AND side = 'receiver'), '{{}}') AS receiver,
          coalesce(array_agg(key) FILTER (WHERE type = 'member'), '{{}}') AS people
     FROM handoffs_fielddefinition WHERE version_id = one.template_version_id
 ) AS asked
 WHERE one.id = ANY(%s)
    ON CONFLICT (handoff_id) DO UPDATE SET words = excluded.words
"""


def write_words(ids: Collection[int]) -> None:
    """Brings the words of these handoffs in step with what is written in and beside them."""
    fetch_all(_WRITE, [list(ids)])
