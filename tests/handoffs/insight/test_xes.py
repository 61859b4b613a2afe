"""Event logs are read one case at a time, in time order, and a bad one is refused with the place."""

import gzip
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoffs.logs.xes import BadLog, read_log

LOG = '<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org/">{}</log>'
GLOBALS = '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global><float key="mean" value="1"/>'


def event(name: str = "Accepted", at: str = "2012-05-05T07:02:39+02:00", **more: str) -> str:
    values = {"concept:name": name, "time:timestamp": at} | {key.replace("_", ":"): text for key, text in more.items()}
    return "<event>" + "".join(f'<string key="{key}" value="{text}"/>' for key, text in values.items()) + "</event>"


def trace(*events: str, name: str = "1-7408") -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def written(path: Path, *traces: str) -> Path:
    path.write_text(LOG.format(GLOBALS + "".join(traces)), encoding="utf-8")
    return path


def test_a_case_with_its_events(tmp_path: Path) -> None:
    attributes = '<string key="product" value="P&amp;1"><string key="inner" value="left out"/></string>'
    first = event("Queued", org_group="V5", lifecycle_transition="Awaiting Assignment")
    second = event("Accepted", "2012-05-05T05:10:00.25Z", org_group="V5", org_resource="Åse")
    [case] = read_log(written(tmp_path / "log.xes", trace(attributes, first, second)))
    assert (case.id, case.attributes) == ("1-7408", {"concept:name": "1-7408", "product": "P&1"})
    queued, accepted = case.events
    assert (queued.name, queued.transition, queued.resource, queued.group) == (
        "Queued",
        "Awaiting Assignment",
        None,
        "V5",
    )
    assert (accepted.name, accepted.transition, accepted.resource, accepted.group) == ("Accepted", "", "Åse", "V5")
    assert queued.at == datetime(2012, 5, 5, 5, 2, 39, tzinfo=UTC)
    assert accepted.at == datetime(2012, 5, 5, 5, 10, 0, 250_000, tzinfo=UTC)
    assert {one.at.tzinfo for one in case.events} == {UTC}


def test_events_come_in_order_of_time_and_then_of_the_file(tmp_path: Path) -> None:
    times = [
        "2012-05-05T09:00:00+02:00",
        "2012-05-05T08:00:00+00:00",
        "2012-05-05T09:00:00+02:00",
        "2012-05-05T03:00:00-05:00",
    ]
    [case] = read_log(written(tmp_path / "log.xes", trace(*(event(at=at) for at in times))))
    assert [one.index for one in case.events] == [0, 2, 1, 3]


def test_empty_and_missing_names_of_people_are_none(tmp_path: Path) -> None:
    [case] = read_log(
        written(tmp_path / "log.xes", trace(event(org_resource="", org_group=" "), event(org_resource="-")))
    )
    assert [(one.resource, one.group) for one in case.events] == [(None, None), ("-", None)]


def test_a_time_without_a_zone_is_in_utc(tmp_path: Path) -> None:
    [case] = read_log(written(tmp_path / "log.xes", trace(event(at="2012-05-05T07:02:39"))))
    assert case.events[0].at == datetime(2012, 5, 5, 7, 2, 39, tzinfo=UTC)


def test_a_case_without_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    cases = read_log(written(tmp_path / "log.xes", trace(), f"<trace>{event()}</trace>"))
    assert [(case.id, len(case.events)) for case in cases] == [("1-7408", 0), ("trace 2", 1)]


def test_compressed_or_not_is_told_by_content(tmp_path: Path) -> None:
    plain = written(tmp_path / "log.xes.gz", trace(event()))
    packed = tmp_path / "packed.xes"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_log(plain)) == list(read_log(packed)) != []


def test_progress_counts_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(
        gzip.compress(written(tmp_path / "log.xes", *(trace(event(), name=str(n)) for n in range(5000))).read_bytes())
    )
    seen: list[tuple[int, int]] = []
    assert len(list(read_log(path, lambda done, total: seen.append((done, total))))) == len(seen) == 5000
    assert {total for _, total in seen} == {path.stat().st_size}
    assert seen == sorted(seen)
    assert 0 < seen[0][0] < seen[-1][0] <= path.stat().st_size


def test_what_has_been_read_is_forgotten(tmp_path: Path) -> None:
    def peak(cases: int) -> int:
        path = written(tmp_path / f"{cases}.xes", *(trace(*[event()] * 5, name=str(n)) for n in range(cases)))
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_log(path)) == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(6000) < 2 * peak(600)


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><log><string key="x" value="&b;"/></log>'
OUTSIDE = '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/hostname">]><log>&a;</log>'


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", r"not well-formed XML: no element found: line 1, column 0"),
        ("neither XML nor gzip", r"line 1, column 0"),
        (LOG.format("<trace>\n</log>"), r"mismatched tag: line 2"),
        (LOG.format(trace(event()))[:-6], r"no element found: line 1"),
        ("<html><trace/></html>", r"begins with <html>"),
        (BOMB, r"no entities"),
        (OUTSIDE, r"no entities"),
        (LOG.format(trace() + trace(event(), "<event/>")), r"Trace 2 \(“1-7408”\), event 2: it has no concept:name"),
        (LOG.format(trace(event(at=""))), r"Trace 1 \(“1-7408”\), event 1: it has no time:timestamp"),
        (LOG.format(trace(event(at="yesterday"))), r"event 1: “yesterday” is not a time"),
        (LOG.format(trace(event(at="0001-01-01T00:00:00+02:00"))), r"is not a time"),
    ],
)
def test_a_bad_log_is_refused_with_the_place(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadLog, match=place):
        list(read_log(path))


def damaged(packed: bytes) -> Iterator[bytes]:
    yield packed[: len(packed) // 2]
    yield packed[:-8] + bytes(8)
    yield packed[:40] + bytes(40) + packed[80:]
    yield packed[:2]


def test_a_damaged_compressed_log_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(LOG.format("".join(trace(event(), name=str(n)) for n in range(2000))).encode())
    for content in damaged(packed):
        (tmp_path / "log.xes.gz").write_bytes(content)
        with pytest.raises(BadLog, match=r"damaged or cut off|not well-formed"):
            list(read_log(tmp_path / "log.xes.gz"))


def test_the_file_is_closed_when_the_reader_stops_early(tmp_path: Path) -> None:
    cases = read_log(written(tmp_path / "log.xes", *(trace(event(), name=str(n)) for n in range(3))))
    assert next(cases).id == "0"
    cases.close()  # an open file would be a warning, and warnings are errors here
