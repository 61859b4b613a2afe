"""Rows of every kind of file: the same whatever they lie in, from any place on, and no file breaks the reader."""

import csv
import gzip
import tracemalloc
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from handoffs.logs.columns import Columns, guess, understand
from handoffs.logs.models import LogKind
from handoffs.logs.tables import read, sight
from handoffs.logs.xes import BadLog

HEAD = ["Ticket", "What", "When", "Who", "Team"]
ROWS = [
    ["4711", "Opened", "2026-11-16 08:00", "Ana", "Sales"],
    ["4711", "Queued, again", "2026-11-16 09:00", "", "Onboarding"],
    ["4712", "Say “hello”\nand more", "2026-11-16 10:00", "Ben; B.", "Ünïon"],
]
XES = """<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="4711"/>
<event><string key="concept:name" value="Opened"/><date key="time:timestamp" value="2026-11-16T08:00:00Z"/>
<string key="org:resource" value="Ana"/></event></trace></log>"""
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_table_is_read_however_it_is_written(delimiter: str, encoding: str, pack: Any, tmp_path: Path) -> None:
    path = put(tmp_path / "log", pack(table([HEAD, *ROWS], delimiter).encode(encoding)))
    seen = sight(path)
    assert (seen.kind, seen.head, [list(row) for row in seen.rows]) == (LogKind.CSV, HEAD, ROWS)
    assert [raw.line for raw in read(path, LogKind.CSV)] == [1, 2, 3, 4]


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    path = workbook(tmp_path / "log", [HEAD, ["4711", "Opened", datetime(2026, 11, 16, 8, 0), None, 12.0]])  # noqa: DTZ001
    seen = sight(path)
    assert seen.kind is LogKind.XLSX
    assert list(seen.rows[0]) == ["4711", "Opened", datetime(2026, 11, 16, 8, 0), "", "12"]  # noqa: DTZ001


def test_an_event_log_has_columns_that_are_known(tmp_path: Path) -> None:
    seen = sight(put(tmp_path / "log", XES.encode()))
    assert seen.kind is LogKind.XES
    assert seen.rows[0] == ("4711", "Opened", datetime(2026, 11, 16, 8, 0, tzinfo=UTC), "Ana", "")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(rows=st.lists(st.lists(cells, min_size=2, max_size=4), min_size=2, max_size=12), packed=st.booleans())
def test_read_in_parts_is_read_whole(rows: list[list[str]], packed: bool, tmp_path: Path) -> None:
    text = table([["a", "b"], *rows]).encode()
    path = put(tmp_path / "log", gzip.compress(text) if packed else text)
    whole = list(read(path, LogKind.CSV))
    for place, raw in enumerate(whole):
        assert list(read(path, LogKind.CSV, raw.position, raw.through)) == whole[place + 1 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"\n\n", "nothing in this file"),
        (b"a,b\n", "no row below"),
        (b"\xff\xfea\x00,\x00b\x00", "UTF-16"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old kind"),
        (b"PK\x03\x04 no zip at all", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither"),
        (b"<log><trace>", "not well-formed"),
        (b"<html></html>", "begins with"),
        (b"<log></log>", "no row below"),
        (gzip.compress(b"a,b\n1,2\n" * 50)[:-30], "damaged or cut off"),
        (b'a,b\n"' + b"x" * 200_000, "no table"),
        (b"a" * 1_100_000, "longer than a megabyte"),
    ],
)
def test_what_is_no_log_is_said_in_words(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadLog, match=words):
        sight(put(tmp_path / "log", content))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(beginning=st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b", b"<log", b"a,b\n"]), rest=st.binary(max_size=300))
def test_no_bytes_break_the_reader(beginning: bytes, rest: bytes, tmp_path: Path) -> None:
    try:
        sight(put(tmp_path / "log", beginning + rest))
    except BadLog as error:
        assert str(error)


def test_a_long_table_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("w") as out:
        out.write(table([HEAD]))
        for number in range(120_000):
            out.write(f"{number // 4},Opened,2026-11-16 08:00,Ana,Sales\n")
    tracemalloc.start()
    assert sum(1 for _ in read(path, LogKind.CSV)) == 120_001
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (HEAD, {"case": 0, "activity": 1, "time": 2, "person": 3, "team": 4}),
        (
            ["case:concept:name", "concept:name", "time:timestamp", "org:resource", "org:group"],
            {"case": 0, "activity": 1, "time": 2, "person": 3, "team": 4},
        ),
        (["SR Number", "Change Date+Time", "Status", "Involved ST", "Owner First Name"], {"case": 0, "activity": 2}),
        (["x", "y", "z"], {}),
    ],
)
def test_columns_are_guessed_by_their_headings(head: list[str], found: dict[str, int]) -> None:
    guessed = guess(head, [], "UTC")
    assert found.items() <= guessed.items()
    places = [place for place in guessed.values() if isinstance(place, int)]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["", "Opened", "2026-11-16 08:00"], "Nothing stands under Case."),
        (["4711", " ", "2026-11-16 08:00"], "Nothing stands under Activity."),
        (["", "", ""], "Nothing stands under Case and Activity."),
        (["4711", "Opened"], "Nothing stands under Time."),
        (["4711", "Opened", "soon"], "“soon” is no time as in “2026-11-24 18:30”."),
        (["4711", "Opened", "2026-11-25 00:00"], "Its time lies in the future."),
        (["4711", "Opened", "2026-11-16 08:00"], ""),
    ],
)
def test_a_row_says_what_is_wrong_with_it(cells: list[str], problem: str) -> None:
    told = understand(7, cells, Columns(0, 1, 2), NOW)
    assert (told.line, told.problem) == (7, problem)
    assert (told.at is None) == bool(problem)
