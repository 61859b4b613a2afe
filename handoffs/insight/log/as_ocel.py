"""The log object by object (OCEL 2.0, JSON), piece by piece: a million events stay small."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from handoffs.insight.log.telling import LoggedCase, LoggedEvent, template_of
from handoffs.lifecycle import RULES, Verb


def ocel(cases: Callable[[], Iterable[LoggedCase]]) -> Iterator[str]:
    """Object-centric (OCEL 2.0): handoffs, people, teams, workspaces, cases and documents, and who had to do with what.

    `cases` is asked twice, for events come before objects and neither is kept.
    """
    yield '{"eventTypes":' + _json([{"name": RULES[verb].label, "attributes": _TYPED["event"]} for verb in Verb])
    yield ',"objectTypes":' + _json([{"name": kind, "attributes": _TYPED[kind]} for kind in _TYPED if kind != "event"])
    people: dict[str, str] = {}  # members and teams by id, met on the way
    told: set[str] = set()
    yield ',"events":['
    yield from _listed(_event(case, event, people) for case in cases() for event in case.events)
    yield '],"objects":['
    yield from _listed(each for case in cases() for each in _objects(case, told))
    if people:
        yield ","
    kinds = {"m": "member", "t": "team"}
    yield from _listed(_object(id, kinds[id[0]], {"name": name}, []) for id, name in sorted(people.items()))
    yield "]}\n"


def _typed(**names: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in names.items()]


_TYPED: Mapping[str, list[dict[str, str]]] = {
    "event": _typed(verb="string", before="string", after="string", said="string"),
    "handoff": _typed(title="string", state="string", template="string"),
    "member": _typed(name="string"),
    "team": _typed(name="string"),
    "workspace": _typed(name="string"),
    "case": _typed(title="string"),
    "document": _typed(name="string"),
}


def _event(case: LoggedCase, event: LoggedEvent, people: dict[str, str]) -> Any:
    related = [(_id("h", case.handoff.pk), "handoff"), (_id("m", event.by_id), "by")]
    people[_id("m", event.by_id)] = event.by
    for id, name, how in ((event.team_id, event.team, "for"), (event.to_team_id, event.to_team, "to")):
        if id is not None and name:
            people[_id("t", id)] = name
            related.append((_id("t", id), how))
    known = {id for id, _ in case.documents}
    related += [(_id("d", id), "attached") for id in event.documents if id in known]
    told = {"verb": event.verb.value, "before": event.before, "after": event.after, "said": event.sentence}
    return {
        "id": f"{case.handoff.reference}/{event.seq}",
        "type": RULES[event.verb].label,
        "time": event.at.isoformat(),
        "attributes": [{"name": name, "value": value} for name, value in told.items()],
        "relationships": [{"objectId": id, "qualifier": how} for id, how in related],
    }


def _objects(case: LoggedCase, known: set[str]) -> Iterator[Any]:
    """The handoff and what belongs to it; what several belong to is told with the first of them."""
    handoff = case.handoff
    related = [(_id("w", handoff.workspace_id), "in")]
    if _is_new(known, _id("w", handoff.workspace_id)):
        yield _object(_id("w", handoff.workspace_id), "workspace", {"name": handoff.workspace.name}, [])
    if handoff.case is not None:
        related.append((_id("c", handoff.case.pk), "step of"))
        if _is_new(known, _id("c", handoff.case.pk)):
            yield _object(_id("c", handoff.case.pk), "case", {"title": handoff.case.title}, [])
    related += [(_id("d", id), "holds") for id, _ in case.documents]
    told = {"title": handoff.title, "state": handoff.state, "template": template_of(case)}
    yield _object(_id("h", handoff.pk), "handoff", told, related)
    for id, name in case.documents:
        yield _object(_id("d", id), "document", {"name": name}, [])


def _is_new(known: set[str], id: str) -> bool:
    is_new = id not in known
    known.add(id)
    return is_new


def _object(id: str, kind: str, told: Mapping[str, str], related: list[tuple[str, str]]) -> Any:
    return {
        "id": id,
        "type": kind,
        "attributes": [{"name": k, "time": "1970-01-01T00:00:00Z", "value": v} for k, v in told.items()],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in related],
    }


def _id(kind: str, number: int) -> str:
    return f"{kind}{number}"


def _listed(rows: Iterable[Any]) -> Iterator[str]:
    for n, row in enumerate(rows):
        yield ("," if n else "") + _json(row)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
