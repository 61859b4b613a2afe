"""The log as CSV (RFC 4180): one line for each event, of which no spreadsheet takes one for a program."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from handoffs.insight.log.telling import LoggedCase, template_of

# What a spreadsheet would run instead of show, OWASP “CSV Injection”.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(cases: Iterable[LoggedCase]) -> Iterator[str]:
    """One line for each event, for spreadsheets: nothing in it begins like a formula."""
    head = ["handoff", "title", "workspace", "template", "case", "number", "verb", "at", "by", "team", "to"]
    yield "\ufeff" + _line([*head, "before", "after", "said"])
    for case in cases:
        handoff = case.handoff
        whose = [handoff.reference, handoff.title, handoff.workspace.name, template_of(case)]
        whose.append(handoff.case.reference if handoff.case else "")
        for event in case.events:
            done = [event.seq, event.verb.value, event.at.isoformat(), event.by, event.team, event.to_team]
            yield _line([*whose, *done, event.before, event.after, event.sentence])


def _line(cells: list[Any]) -> str:
    kept = StringIO()
    csv.writer(kept).writerow([harmless(cell) for cell in cells])
    return kept.getvalue()


def harmless(value: Any) -> Any:
    """Numbers as they are; of words none begins a formula."""
    if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA):
        return f"'{value}"
    return "" if value is None else value
