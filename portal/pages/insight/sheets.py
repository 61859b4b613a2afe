"""Tables to take along, as CSV or as a workbook, in neither of which a spreadsheet takes a word for a program."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from handoffs.insight.log.as_csv import harmless

WIDEST = 60  # characters of a column


@dataclass(frozen=True)
class Sheet:
    """A table under a name: its head, and rows as long as it."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


def sheet_response(asked: str, tables: Mapping[str, Callable[[], Sheet]]) -> HttpResponse | None:
    """The table that `asked` names, as in "lanes.csv" or "lanes.xlsx", to be saved; None for any other name."""
    name, _, ending = asked.partition(".")
    if name not in tables or ending not in _WRITTEN:
        return None
    content_type, written = _WRITTEN[ending]
    response = HttpResponse(written(tables[name]()), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{asked}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_csv(sheet: Sheet) -> bytes:
    """RFC 4180, in UTF-8 with a mark so that spreadsheets read it as such."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(each) for each in sheet.head])
    writer.writerows([harmless(each) for each in row] for row in sheet.rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_workbook(sheet: Sheet) -> bytes:
    """Office Open XML (ECMA-376): one sheet whose head stays in sight."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for column, width in enumerate(_widths(sheet), start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.append([_cell(page, each, bold=True) for each in sheet.head])
    for row in sheet.rows:
        page.append([_cell(page, each) for each in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, value: Any, *, bold: bool = False) -> Any:
    if not isinstance(value, str) and not bold:
        return value
    cell = WriteOnlyCell(page, value)
    cell.data_type = "s"  # words stay words, whatever they begin with
    cell.font = Font(bold=bold)
    return cell


def _widths(sheet: Sheet) -> list[int]:
    columns = zip(sheet.head, *sheet.rows, strict=True)
    return [min(WIDEST, 2 + max(len(str(each)) for each in column)) for column in columns]


_WRITTEN: Mapping[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
}
