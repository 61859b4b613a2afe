"""What a story of the demo is: a handoff, and what people did with it, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffs.lifecycle import Verb


@dataclass(frozen=True)
class Step:
    """One act, `when` something like

    "12 09:40"     twelve working days ago at that time where the person lives
    "35m", "3h"    that long ago
    "+6m", "+2h"   that long after the step before

    In `words`, a team, a person or a date goes by its name ("Onboarding", "dana", "+5d", "+5d 10:00").
    """

    when: str
    who: str
    verb: Verb
    words: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """One handoff of the demo. The first step is always its draft."""

    title: str
    kit: str
    where: str
    steps: Sequence[Step]
    context: Mapping[str, Any] = field(default_factory=dict)
    summary: str = ""
    urgent: bool = False


def step(when: str, who: str, verb: str, **words: Any) -> Step:
    """A step, with its verb by name."""
    return Step(when, who, Verb(verb), words)
