"""The figures that a replayed event log must come to, counted straight from the file and from nothing of the product.

    python tests/handoffs/insight/log_oracle.py FILE [--cases N]

What the figures mean:
    cases              traces read
    events             events in them
    offers             attempts at a transfer: the first one; each pass_on, redirect and reopen opens one more
    accepted, returned, withdrawn, superseded, open
                       how those offers ended; `open` are those that still wait when the log ends. They add up to offers
    completed          handoffs that are completed when the log ends
    reopened           how often a completed handoff was reopened
    custody_transfers  changes of custodian by acceptance (the way back to the intake on reopening is none)

How a case is read, its events in order of time and, at the same time, of the file:
    The intake drafts at the time of the first event and offers to the group of that event, which is then read as any.
    "Queued": an open offer to another group is redirected to this one; without one the holder passes on to the group.
    Any other name, by r in g: an open offer to another team than g is redirected to g; then it is withdrawn if r is the
    holder, else r accepts it. Without an open offer it is passed on to r and accepted, unless r is the holder.
    "Completed" then completes.
    Once it is completed, another "Completed" changes nothing, whoever it is by. Any other event first reopens it: the
    intake holds it again, with an offer to the one who completed it. If that is r, r accepts; else it is redirected to
    r, who accepts. Then the event is read as above.
    No resource means the member "-", no group the team "everyone". The intake is nobody of the log.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape

FIGURES = (
    "cases",
    "events",
    "offers",
    "accepted",
    "returned",
    "withdrawn",
    "superseded",
    "open",
    "completed",
    "reopened",
    "custody_transfers",
)
INTAKE = object()
TRACE = re.compile(r"<trace\b[^>]*>(.*?)</trace>", re.DOTALL)
EVENT = re.compile(r"<event\b[^>]*>(.*?)</event>", re.DOTALL)
VALUE = re.compile(r'<\w+ key="([^"]*)" value="([^"]*)"')


def cases(path: str) -> Iterator[list[dict[str, str]]]:
    """The events of each trace, in the order of the file."""
    with open(path, "rb") as raw:
        content = raw.read()
    text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()
    for trace in TRACE.finditer(text):
        yield [
            {key: unescape(value) for key, value in VALUE.findall(event.group(1))}
            for event in EVENT.finditer(trace.group(1))
        ]


class Count:
    """The figures so far and, of the case at hand, its holder, its open offer and who completed it."""

    def __init__(self) -> None:
        self.figures = dict.fromkeys(FIGURES, 0)

    def case(self, events: list[dict[str, str]]) -> None:
        self.figures["cases"] += 1
        self.figures["events"] += len(events)
        self.holder: object = INTAKE
        self.offered_to: tuple[str, str] | None = None
        self.completer: str | None = None
        for place, event in enumerate(sorted(events, key=lambda one: datetime.fromisoformat(one["time:timestamp"]))):
            name, who, team = (
                event["concept:name"],
                event.get("org:resource") or "-",
                event.get("org:group") or "everyone",
            )
            self.at, self.team = datetime.fromisoformat(event["time:timestamp"]), team
            if place == 0:
                self.offer(("team", team))
            if self.completer is not None and name != "Completed":
                self.reopen(who)
            if self.completer is None:
                self.read(name, who, ("team", team))
        self.figures["open"] += self.offered_to is not None
        self.figures["completed"] += self.completer is not None

    def read(self, name: str, who: str, team: tuple[str, str]) -> None:
        if self.offered_to not in (None, team):
            self.redirect(team)
        if name == "Queued":
            if self.offered_to is None:
                self.offer(team)
            return
        if self.offered_to is not None and self.holder == who:
            self.close("withdrawn")
        if self.offered_to is None and self.holder != who:
            self.offer(("member", who))
        if self.offered_to is not None:
            self.accept(who)
        if name == "Completed":
            self.complete(who)

    def complete(self, who: str) -> None:
        self.completer = who

    def close(self, how: str) -> None:
        self.figures[how] += 1
        self.offered_to = None

    def offer(self, to: tuple[str, str]) -> None:
        assert self.offered_to is None
        self.figures["offers"] += 1
        self.offered_to = to

    def redirect(self, to: tuple[str, str]) -> None:
        self.close("superseded")
        self.offer(to)

    def accept(self, who: str) -> None:
        assert self.offered_to is not None
        assert self.holder != who
        self.close("accepted")
        self.figures["custody_transfers"] += 1
        self.holder = who

    def reopen(self, who: str) -> None:
        assert self.completer is not None
        self.figures["reopened"] += 1
        completer, self.completer, self.holder = self.completer, None, INTAKE
        self.offer(("member", completer))
        if completer != who:
            self.redirect(("member", who))
        self.accept(who)


def count(path: str, first: int | None = None) -> dict[str, int]:
    """The figures of a log, or of its first cases."""
    total = Count()
    for number, events in enumerate(cases(path)):
        if first is not None and number >= first:
            break
        total.case(events)
    figures = total.figures
    ended = ("accepted", "returned", "withdrawn", "superseded", "open")
    assert figures["offers"] == sum(figures[name] for name in ended)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count the figures of a replay straight from an event log.")
    parser.add_argument("file")
    parser.add_argument("--cases", type=int)
    arguments = parser.parse_args()
    print(json.dumps(count(arguments.file, arguments.cases)))
