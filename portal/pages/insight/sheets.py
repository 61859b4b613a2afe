"""Tables to take along: CSV that no spreadsheet takes for a program."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.http import HttpResponse

from handoffs.insight.log.as_csv import harmless


@dataclass(frozen=True)
class Sheet:
    """A table under a name: its head, and rows as long as it."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


def sheet_response(sheet: Sheet) -> HttpResponse:
    """The table as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read it as such), to be saved."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(each) for each in sheet.head])
    writer.writerows([harmless(each) for each in row] for row in sheet.rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
