"""The log as XES (IEEE 1849-2016), case by case."""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from handoffs.insight.log.telling import LoggedCase, LoggedEvent, template_of
from handoffs.lifecycle import RULES

_EXTENSIONS = {"Concept": "concept", "Lifecycle": "lifecycle", "Organizational": "org", "Time": "time"}
# What XML 1.0 cannot hold, even escaped.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xes(cases: Iterable[LoggedCase]) -> Iterator[str]:
    """A trace for each handoff, an event for each of its ledger; concept:name is the verb's own word."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix in _EXTENSIONS.items():
        yield f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    yield '<global scope="trace"><string key="concept:name" value=""/></global>\n'
    yield '<global scope="event"><string key="concept:name" value=""/>'
    yield '<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>\n'
    yield '<classifier name="Activity" keys="concept:name"/>\n'
    for case in cases:
        handoff = case.handoff
        yield "<trace>" + _strings(
            {
                "concept:name": handoff.reference,
                "handrail:title": handoff.title,
                "handrail:workspace": handoff.workspace.name,
                "handrail:template": template_of(case),
                "handrail:case": handoff.case.reference if handoff.case else "",
                "handrail:state": handoff.state,
            }
        )
        yield "".join(_xes_event(event) for event in case.events)
        yield "</trace>\n"
    yield "</log>\n"


def _xes_event(event: LoggedEvent) -> str:
    told = {
        "concept:name": RULES[event.verb].label,
        "lifecycle:transition": "complete",
        "org:resource": event.by,
        "org:group": event.team,
        "handrail:verb": event.verb.value,
        "handrail:to": event.to_team,
        "handrail:said": event.sentence,
    }
    return f'<event>{_strings(told)}<date key="time:timestamp" value="{event.at.isoformat()}"/></event>'


def _strings(told: Mapping[str, str]) -> str:
    """String attributes, without the empty ones."""
    return "".join(
        f'<string key="{key}" value={quoteattr(_NO_XML.sub("", value), {chr(10): "&#10;"})}/>'
        for key, value in told.items()
        if value
    )
