"""The log to take along: all that happened, in three formats that say the same, and nothing of anybody else's."""

import csv
import json
from collections import Counter
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.core.files.base import ContentFile

from handoffs import actions
from handoffs.lifecycle import RULES, State, Verb
from handoffs.logs.xes import read_log
from handoffs.models import Event, Handoff
from tests.portal.pages.conftest import Visit
from tests.world import World

HOSTILE = "=cmd|' /C calc'!A0 <&\"'\x0b\ufffe]]> ümläut\nsecond line"


@pytest.fixture
def told(world: World) -> Handoff:
    """Offered, returned, offered again, accepted, completed; with a hostile title and a document."""
    handoff = world.handoff(State.RETURNED, title=HOSTILE.replace("\n", " "))
    file = ContentFile(b"%PDF-1.7\n", name="list.pdf")
    actions.attach(handoff, by=world.ana, at=world.later(minutes=1), file=file, name="list.pdf")
    handoff = actions.offer(handoff, by=world.ana, at=world.later(hours=1), to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    return actions.complete(handoff, by=world.ben, at=world.later(hours=1))


def taken(visit: Visit, name: str, ending: str) -> str:
    answer = visit(name).get(f"insight/log.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="fjord.{ending}"'
    return b"".join(answer.streaming_content).decode()


def happened(handoff: Handoff) -> list[tuple[str, datetime, str]]:
    """What the ledger says: verb, instant, person."""
    events = Event.objects.of(handoff.pk).select_related("by")
    return [(event.verb, event.at, event.by.name) for event in events]


def test_xes_is_read_again_as_it_was(told: Handoff, visit: Visit, tmp_path: Path) -> None:
    text = taken(visit, "olga", "xes")
    path = tmp_path / "log.xes"
    path.write_text(text, encoding="utf-8")
    (case,) = read_log(path)
    assert case.id == told.reference
    assert case.attributes["handrail:title"].startswith("=cmd|' /C calc'!A0 <&\"'")
    labels = [(RULES[Verb(verb)].label, at, by) for verb, at, by in happened(told)]
    assert [(event.name, event.at, event.resource) for event in case.events] == labels
    groups = {event.name: event.group for event in case.events}
    assert (groups["Offer"], groups["Return"], groups["Accept handoff"]) == ("Sales", "Onboarding", "Onboarding")


def test_xes_keeps_to_the_standard(told: Handoff, visit: Visit) -> None:
    """IEEE 1849: extensions, globals, classifiers and traces in this order; each key of an extension is declared."""
    log = fromstring(taken(visit, "olga", "xes"))
    space = "{http://www.xes-standard.org/}"
    assert (log.tag, log.get("xes.version")) == (f"{space}log", "2.0")
    kinds = [child.tag.removeprefix(space) for child in log]
    order = ["extension", "global", "classifier", "trace"]
    assert kinds == sorted(kinds, key=order.index)
    declared = {each.get("prefix") for each in log.iter(f"{space}extension")} | {"handrail"}
    keys = [str(each.get("key")) for trace in log.iter(f"{space}trace") for each in trace.iter() if each.get("key")]
    assert {key.partition(":")[0] for key in keys} <= declared
    for event in log.iter(f"{space}event"):
        assert Counter(str(child.get("key")) for child in event).most_common(1)[0][1] == 1
        assert {"concept:name", "time:timestamp"} <= {str(child.get("key")) for child in event}


def test_ocel_is_whole_and_says_the_same(told: Handoff, world: World, visit: Visit) -> None:
    log: dict[str, Any] = json.loads(taken(visit, "olga", "ocel.json"))
    assert set(log) == {"eventTypes", "objectTypes", "events", "objects"}
    types = {each["name"]: {a["name"] for a in each["attributes"]} for each in log["eventTypes"]}
    kinds = {each["name"]: {a["name"] for a in each["attributes"]} for each in log["objectTypes"]}
    ids = [each["id"] for each in log["objects"]]
    assert len(set(ids)) == len(ids)
    for event in log["events"]:
        assert {each["name"] for each in event["attributes"]} <= types[event["type"]]
        assert {each["objectId"] for each in event["relationships"]} <= set(ids)
    for each in log["objects"]:
        assert {a["name"] for a in each["attributes"]} <= kinds[each["type"]]
        assert {related["objectId"] for related in each["relationships"]} <= set(ids)
    found = [(event["attributes"][0]["value"], datetime.fromisoformat(event["time"])) for event in log["events"]]
    assert found == [(verb, at) for verb, at, _ in happened(told)]
    attached = next(event for event in log["events"] if event["type"] == "Attach")
    assert {"attached", "by", "handoff"} <= {each["qualifier"] for each in attached["relationships"]}
    assert {"Sales", "Onboarding"} == {e["attributes"][0]["value"] for e in log["objects"] if e["type"] == "team"}


def test_the_table_runs_nothing(told: Handoff, visit: Visit) -> None:
    rows = list(csv.DictReader(StringIO(taken(visit, "olga", "csv").removeprefix("\ufeff"))))
    assert [(row["verb"], datetime.fromisoformat(row["at"]), row["by"]) for row in rows] == happened(told)
    assert all(row["title"].startswith("'=cmd") for row in rows)


def test_everybody_takes_along_what_they_see(told: Handoff, world: World, visit: Visit) -> None:
    theirs = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind, title="For the client")
    actions.note(theirs, by=world.ana, at=world.later(minutes=1), body="They pay late", internal=True)
    for ending in ("xes", "csv", "ocel.json"):
        log = taken(visit, "cleo", ending)
        assert theirs.reference in log or "For the client" in log
        assert told.reference not in log
        assert "added a note" not in log
        assert "added a note" in taken(visit, "olga", ending)
        assert "For the client" not in taken(visit, "nils", ending)


def test_an_empty_log_is_one_too(world: World, visit: Visit) -> None:
    assert json.loads(taken(visit, "olga", "ocel.json"))["events"] == []
    assert len(fromstring(taken(visit, "olga", "xes"))) > 0


@pytest.mark.parametrize("ending", ["exe", "xes.gz", "..", "json"])
def test_other_formats_are_not_there(world: World, visit: Visit, ending: str) -> None:
    assert visit("olga").get(f"insight/log.{ending}").status_code == 404
    assert visit("olga").post("insight/log.xes").status_code == 405
