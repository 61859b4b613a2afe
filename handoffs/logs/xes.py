"""Event logs as they are exchanged (XES, IEEE 1849), read one case at a time."""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NoReturn
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

Progress = Callable[[int, int], object]

GZIP = b"\x1f\x8b"
VALUES = {"string", "date", "int", "float", "boolean", "id"}


class BadLog(ValueError):
    """The file is not an event log that can be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One thing that happened in a case: what, by whom and in which group if known, when (UTC), place in the file."""

    name: str
    transition: str
    resource: str | None
    group: str | None
    at: datetime
    index: int


@dataclass(frozen=True, slots=True)
class Case:
    """One trace of a log: its name, its attributes as text, and its events in time order (file order on ties)."""

    id: str
    attributes: Mapping[str, str]
    events: tuple[LogEvent, ...]


def read_log(path: str | os.PathLike[str], progress: Progress | None = None) -> Iterator[Case]:
    """The cases of an .xes or .xes.gz file in file order, with one of them in memory at a time; raises BadLog.

    `progress(done, total)` is called before each case with bytes of the file as it lies on the disk.
    """
    total = Path(path).stat().st_size
    with open(path, "rb") as raw:
        try:
            for number, trace in enumerate(_traces(_plain(raw)), start=1):
                case = _case(trace, number)
                if progress is not None:
                    progress(raw.tell(), total)
                yield case
        except ParseError as error:
            raise BadLog(f"This is not well-formed XML: {error}.") from error
        except DefusedXmlException as error:
            raise BadLog("An event log needs no entities or external parts, and this one has some.") from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BadLog(f"The compressed file is damaged or cut off, at byte {raw.tell()}: {error}.") from error


def _plain(raw: IO[bytes]) -> IO[bytes] | gzip.GzipFile:
    """The same content without compression; its first bytes tell whether it has any, not its name."""
    compressed = raw.read(len(GZIP)) == GZIP
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if compressed else raw


def _traces(content: IO[bytes] | gzip.GzipFile) -> Iterator[Element]:
    """Each trace as soon as it has been read, after which it is forgotten."""
    steps = iterparse(content, events=("start", "end"))
    _, log = next(steps)
    if _kind(log) != "log":
        raise BadLog(f"An event log begins with <log>; this file begins with <{_kind(log)}>.")
    depth = 0
    for step, element in steps:
        depth += 1 if step == "start" else -1
        if depth == 0 and step == "end" and element is not log:
            if _kind(element) == "trace":
                yield element
            log.clear()


def _case(trace: Element, number: int) -> Case:
    attributes = _attributes(trace)
    name = attributes.get("concept:name") or f"trace {number}"
    where = f"Trace {number} (“{name}”)"
    elements = (element for element in trace if _kind(element) == "event")
    events = [_event(_attributes(element), index, where) for index, element in enumerate(elements)]
    return Case(name, attributes, tuple(sorted(events, key=lambda event: event.at)))


def _event(attributes: Mapping[str, str], index: int, where: str) -> LogEvent:
    def refuse(why: str) -> NoReturn:
        raise BadLog(f"{where}, event {index + 1}: {why}")

    name = attributes.get("concept:name") or refuse("it has no concept:name.")
    text = attributes.get("time:timestamp") or refuse("it has no time:timestamp.")
    try:
        at = _time(text)
    except (ValueError, OverflowError):
        refuse(f"“{text}” is not a time; one is written like “2012-05-05T07:02:39+02:00”.")
    resource, group = (attributes.get(key, "").strip() or None for key in ("org:resource", "org:group"))
    return LogEvent(name, attributes.get("lifecycle:transition", ""), resource, group, at, index)


def _time(text: str) -> datetime:
    """An instant in UTC; a time that names no zone is read as UTC, since the format leaves it open."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _attributes(element: Element) -> dict[str, str]:
    """What stands directly under a trace or an event; attributes of attributes are left out."""
    return {child.get("key", ""): child.get("value", "") for child in element if _kind(child) in VALUES}


def _kind(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
