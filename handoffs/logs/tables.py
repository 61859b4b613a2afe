"""The rows of a log, whatever kind of file it is: one at a time, from any row on, in bounded memory."""

import csv
import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedIOBase
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from openpyxl import load_workbook

from handoffs.logs.columns import Cell, is_empty
from handoffs.logs.models import LogKind
from handoffs.logs.xes import GZIP, BadLog, read_log

ZIP, OLD_EXCEL, UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
SAMPLE_BYTES = 64 * 1024
LONGEST_LINE = 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024  # bytes of a workbook's parts
MOST_WORKBOOK_ROWS = 200_000  # a workbook is read anew from its beginning to go on
DELIMITERS = ",;\t|"
XES_HEAD = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "org:group")


@dataclass(frozen=True)
class Raw:
    """A row with the lines on which it begins and ends, and the position in the file after it."""

    line: int
    cells: Sequence[Cell]
    position: int
    through: int


@dataclass(frozen=True)
class Sight:
    """What one sees of a file at first: its kind, its headings, its first rows, and whether it is compressed."""

    kind: LogKind
    head: list[str]
    rows: list[Sequence[Cell]]
    is_packed: bool


def sight(path: Path, rows: int = 10) -> Sight:
    """The beginning of a file; raises BadLog for one that is no log, in words for whoever brought it."""
    kind = _kind(path)
    found = list(islice(read(path, kind), rows + 1))
    if not found or is_empty(found[0].cells):
        raise BadLog("There is nothing in this file.")
    if len(found) < 2:
        raise BadLog("There are headings in this file, and no row below them.")
    head, *first = [raw.cells for raw in found]
    return Sight(kind, [str(name).strip() for name in head], first, _is_packed(path))


def read(path: Path, kind: LogKind, position: int = 0, line: int = 0) -> Iterator[Raw]:
    """All rows that are not empty, headings first; or those after a row, by its position and last line; BadLog."""
    readers = {LogKind.CSV: _csv, LogKind.XLSX: _xlsx, LogKind.XES: _xes}
    return readers[kind](path, position, line)


def _kind(path: Path) -> LogKind:
    """By its content, not by its name."""
    beginning = _beginning(path)
    if beginning == OLD_EXCEL:
        raise BadLog("This is a workbook of an old kind; save it as .xlsx or as CSV.")
    if beginning[:2] in UTF_16:
        raise BadLog("This text is in UTF-16; save it as “CSV UTF-8”.")
    if beginning == ZIP:
        return LogKind.XLSX
    with _opened(path) as content, _told_of_damage():
        sample = content.read(SAMPLE_BYTES)
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return LogKind.XES
    if b"\x00" in sample:
        raise BadLog("This is neither CSV nor a workbook (.xlsx) nor an event log (XES).")
    return LogKind.CSV


def _beginning(path: Path) -> bytes:
    with path.open("rb") as raw:
        return raw.read(4)


def _is_packed(path: Path) -> bool:
    return _beginning(path).startswith(GZIP)


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if _is_packed(path) else path.open("rb"))


class _Lines:
    """The lines of a text, and how many bytes of it have been read."""

    def __init__(self, content: IO[bytes] | BufferedIOBase, offset: int, encoding: str) -> None:
        self.content, self.offset, self.encoding = content, offset, encoding

    def __iter__(self) -> Iterator[str]:
        while raw := self.content.readline(LONGEST_LINE):
            if len(raw) == LONGEST_LINE:
                raise BadLog("A line of this file is longer than a megabyte: it is no table.")
            self.offset += len(raw)
            yield raw.decode(self.encoding, "replace").replace("\x00", "")


def _csv(path: Path, position: int, line: int) -> Iterator[Raw]:
    began = line + 1
    try:
        with _opened(path) as content, _told_of_damage():
            sample = content.read(SAMPLE_BYTES)
            encoding, delimiter = _text_of(sample)
            content.seek(position)
            lines = _Lines(content, position, encoding)
            table = csv.reader(lines, delimiter=delimiter)
            for cells in table:
                if not is_empty(cells):
                    yield Raw(began, cells, lines.offset, line + table.line_num)
                began = line + table.line_num + 1
    except csv.Error as error:
        raise BadLog(f"This is no table from line {began} on: {error}.") from error


@contextmanager
def _told_of_damage() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadLog(f"The compressed file is damaged or cut off: {error}.") from error


def _text_of(sample: bytes) -> tuple[str, str]:
    """Its encoding, and what stands between its cells."""
    try:
        # The last character of a sample may be cut in two.
        sample[: sample.rfind(b"\n") + 1 or None].decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp1252"
    first = sample.decode(encoding, "replace").split("\n", 1)[0]
    return encoding, max(DELIMITERS, key=first.count)


def _xlsx(path: Path, position: int, line: int) -> Iterator[Raw]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise BadLog("This workbook is too large; save it as CSV.")
        # Opened here: the library goes by a file's name, and ours has none.
        with path.open("rb") as raw, closing(load_workbook(raw, read_only=True, data_only=True)) as workbook:
            for number, values in enumerate(workbook.active.iter_rows(values_only=True), 1):
                if number > MOST_WORKBOOK_ROWS:
                    raise BadLog(f"This workbook has more than {MOST_WORKBOOK_ROWS:,} rows; save it as CSV.")
                cells = [_cell(value) for value in values]
                if number > line and not is_empty(cells):
                    yield Raw(number, cells, number, number)
    except BadLog:
        raise
    except Exception as error:  # whatever a damaged workbook makes of the library: there is no end to it
        raise BadLog("This workbook is damaged and cannot be read; save it anew, or as CSV.") from error


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _xes(path: Path, position: int, line: int) -> Iterator[Raw]:
    if line < 1:
        yield Raw(1, XES_HEAD, 0, 1)
    number = 1
    for case in read_log(path):
        for event in case.events:
            number += 1
            if number > line:
                cells = (case.id, event.name, event.at, event.resource or "", event.group or "")
                yield Raw(number, cells, number, number)
