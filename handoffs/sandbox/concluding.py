"""The protocol of a play, read from the ledgers before they are taken back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handoffs.actions.draft import home_team
from handoffs.flows.drawing import drawn
from handoffs.insight.case_story import story_of
from handoffs.insight.cases import SeenCase
from handoffs.lifecycle import Verb
from handoffs.models import Case, CaseState, Event
from handoffs.sandbox.people import worked
from handoffs.sandbox.protocol import Entry, Played, Told

if TYPE_CHECKING:
    from handoffs.sandbox.course import Course

_ORDER = {"launch": -1, "advance": 1, "offer": 2}
_NUMBER = re.compile(r"\b(HO|CA)-(1\d{9}|2\d{9})\b")


def conclude(course: "Course", played: Played) -> None:
    """Fills in everything that happened, the way it took on the chart, and how long it was."""
    cases = Case.objects.filter(course.family, organization_id=course.by.organization_id).order_by("id")
    seen = [SeenCase(case, course.by, course.at) for case in cases.select_related("flow_version__flow", "workspace")]
    entries = [*_entries(course, seen), *course.troubles]
    # Within one instant what was done stands before what came of it.
    entries.sort(key=lambda entry: (entry.at, _ORDER.get(entry.kind, 0)))
    root = seen[0]
    labels = {step.key: step.label for step in root.plan.steps}
    played.entries = [_plain(replace(each, step=labels.get(each.step, each.step)), course.first) for each in entries]
    played.drawing = drawn(root.plan, {key: replace(mark, href="") for key, mark in root.marks.items()})
    played.is_over = root.case.state == CaseState.COMPLETED
    played.ended = root.case.closed_at or course.at
    team = home_team(course.by)
    played.working = worked(team.calendar if team else None, played.began, played.ended)


def _entries(course: "Course", seen: Sequence[SeenCase]) -> Iterator[Entry]:
    told = _by_moment(course)
    for each in seen:
        for moment in story_of(each, None):
            if moment.verb == Verb.DRAFT:
                continue  # every step is drafted in the instant in which it is offered
            yield Entry(
                moment.at,
                moment.sentence,
                moment.verb,
                moment.label,
                moment.reference,
                told.pop((moment.reference, moment.at, moment.verb), ()),
            )


def _by_moment(course: "Course") -> dict[tuple[str, object, str], Sequence[Told]]:
    """Who was told, by the handoff, the instant and the verb of what they were told of."""
    events = Event.objects.filter(organization_id=course.by.organization_id, pk__in=list(course.told))
    return {
        (event.handoff.reference, event.at, event.verb): course.told[event.pk]
        for event in events.select_related("handoff")
    }


def _plain(entry: Entry, first: int) -> Entry:
    """With numbers that begin at one in the place of those of the rehearsal."""

    def counted(text: str) -> str:
        return _NUMBER.sub(lambda found: f"{found[1]}-{int(found[2]) - first}", text)

    told = [replace(each, subject=counted(each.subject), text=counted(each.text)) for each in entry.told]
    return replace(entry, sentence=counted(entry.sentence), reference=counted(entry.reference), told=told)
