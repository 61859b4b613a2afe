"""What a flow's names mean in its organization: all that `check` knows of the world. No Django in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class FieldFact:
    """One field of a template; `type` is the name of a field type."""

    label: str
    type: str = "text"
    required: bool = False
    internal: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotFact:
    """One place for documents of a template."""

    label: str
    required: bool = False
    internal: bool = False
    accepts: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class TemplateFact:
    """The newest published version of a template. `gives` are the sender's documents, `delivers` the receiver's.

    `must_tick` and `must_verify` are the labels of required items of the sender and of the receiver.
    """

    context: Mapping[str, FieldFact] = field(default_factory=dict)
    result: Mapping[str, FieldFact] = field(default_factory=dict)
    gives: Mapping[str, SlotFact] = field(default_factory=dict)
    delivers: Mapping[str, SlotFact] = field(default_factory=dict)
    must_tick: tuple[str, ...] = ()
    must_verify: tuple[str, ...] = ()
    within: Mapping[str, timedelta] = field(default_factory=dict)

    def side(self, name: str) -> Mapping[str, FieldFact]:
        """The fields of "context" or of "result"."""
        return self.context if name == "context" else self.result


@dataclass(frozen=True)
class PeopleFact:
    """A team, or a member (with the `teams` they are in). `why_not` says why nobody there can take work, if so.

    `receives_in` are the kinds of workspace ("internal", "client") in which work may be offered to them.
    """

    name: str
    is_client: bool = False
    why_not: str = ""
    receives_in: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FlowFact:
    """Another flow's newest published version.

    `fixed` are its roles that it fills itself, `open` those that its caller casts; `reaches` are the names of all flows
    that it launches, directly or through others; `context` are the fields of its first steps, which its caller fills.
    """

    fixed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    reaches: frozenset[str] = frozenset()
    context: Mapping[str, FieldFact] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """Templates, teams and flows by name, members by e-mail address in small letters. `own` is this flow's name."""

    own: str = ""
    templates: Mapping[str, TemplateFact] = field(default_factory=dict)
    teams: Mapping[str, PeopleFact] = field(default_factory=dict)
    members: Mapping[str, PeopleFact] = field(default_factory=dict)
    flows: Mapping[str, FlowFact] = field(default_factory=dict)
