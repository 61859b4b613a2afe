"""What a play brought: a protocol that outlives it, in plain words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoffs.flows.drawing import Drawing
from handoffs.flows.problems import Problem


@dataclass(frozen=True)
class Told:
    """Who would be told of one thing: by a notice here ("notice"), by mail or by chat, when, in which words.

    `in_digest`: it would come with others, so it has no words of its own.
    """

    way: str
    names: Sequence[str]
    at: datetime
    subject: str = ""
    text: str = ""
    in_digest: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is the verb, or "problem" where something was refused."""

    at: datetime
    sentence: str
    kind: str
    step: str = ""
    reference: str = ""
    told: Sequence[Told] = ()


@dataclass
class Played:
    """The whole of it. `problems` are those that keep the flow from being published: then nothing was played.

    `working` is working time by the hours of whoever launched it. `is_over`: the case came to its end.
    """

    began: datetime
    entries: list[Entry] = field(default_factory=list)
    problems: Sequence[Problem] = ()
    drawing: Drawing | None = None
    ended: datetime | None = None
    working: timedelta = timedelta()
    is_over: bool = False

    @property
    def raw(self) -> timedelta:
        """From the launch to the last thing that happened."""
        return (self.ended or self.began) - self.began

    def count(self, *kinds: str) -> int:
        """How many entries of these kinds there are."""
        return sum(entry.kind in kinds for entry in self.entries)

    @property
    def alarms(self) -> int:
        """How many alarms there would be."""
        return self.count("escalate")

    @property
    def offers(self) -> int:
        """How many offers there would be."""
        return self.count("offer", "reopen", "redirect", "pass_on")

    @property
    def mails(self) -> int:
        """How many mails there would be, those in digests among them."""
        return sum(len(told.names) for entry in self.entries for told in entry.told if told.way == "mail")

    @property
    def refusals(self) -> list[Entry]:
        """What was refused."""
        return [entry for entry in self.entries if entry.kind == "problem"]
