"""What may be named in a step: other steps, the fields and documents known by then, with what they are called."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handoffs.flows.facts import Facts, FieldFact, TemplateFact
from handoffs.flows.plan import Plan, Step, StepKind
from portal.forms.flows.fields import Choices

SIDES = (("result", "result"), ("context", "given"))
NOTHING = TemplateFact()


@dataclass(frozen=True)
class KnownField:
    """One field that a condition may look at, with an example of one that does."""

    path: str
    step: str
    fact: FieldFact

    @property
    def label(self) -> str:
        """As people call it."""
        return f"{self.fact.label} of “{self.step}”"

    @property
    def example(self) -> str:
        """A condition on it."""
        match self.fact.type:
            case "yes_no":
                return f"{self.path} = yes"
            case "number":
                return f"{self.path} > 1000"
            case "date":
                return f"{self.path} >= 2026-12-01"
            case "date_time":
                return f"{self.path} is given"
            case "choices":
                return f'{self.path} contains "{_quoted(self.fact)}"'
            case "choice":
                return f'{self.path} = "{_quoted(self.fact)}"'
        return f"{self.path} is given"


class Known:
    """What there is around the step of one key; a step that is not there yet knows of all others."""

    def __init__(self, plan: Plan, facts: Facts, key: str) -> None:
        self.plan, self.facts, self.key = plan, facts, key
        self.step = plan.by_key.get(key, Step(key, ""))

    @property
    def steps(self) -> Choices:
        """Those it may come after: every one, for a loop leads back from a later step, or from itself."""
        return [(step.key, step.label) for step in self.plan.steps]

    @property
    def template(self) -> TemplateFact:
        """Of the step, as it is stored."""
        return self.facts.templates.get(self.step.template, NOTHING)

    @property
    def targets(self) -> Choices:
        """The fields that something may flow into."""
        if self.step.kind is StepKind.CASE:
            flow = self.facts.flows.get(self.step.flow)
            return _named(flow.context.items()) if flow else []
        return _named(self.template.context.items())

    @property
    def sources(self) -> Choices:
        """The fields that something may flow in from, step by step."""
        return _grouped(self.fields(self.before))

    @property
    def dates(self) -> Choices:
        """Those that a wait may last until."""
        return _grouped(field for field in self.fields(self.before) if field.fact.type in ("date", "date_time"))

    @property
    def before(self) -> Sequence[Step]:
        """The steps that lead here."""
        before = self.plan.before(self.key) if self.key in self.plan.by_key else frozenset(self.plan.by_key)
        return [step for step in self.plan.steps if step.key in before]

    @property
    def for_conditions(self) -> Sequence[KnownField]:
        """What the conditions of its links may look at: what leads here, by a loop as well."""
        led = {link.step for link in self.step.after}
        keys = {step.key for step in self.before} | led | {key for one in led for key in self.plan.before(one)}
        return list(self.fields(step for step in self.plan.steps if step.key in keys))

    def fields(self, steps: Iterable[Step]) -> Iterator[KnownField]:
        """What these steps bring: their results first, then what they were given."""
        for step in steps:
            template = self.facts.templates.get(step.template, NOTHING)
            for side, _ in SIDES:
                for key, fact in template.side(side).items():
                    yield KnownField(f"{step.key}.{side}.{key}", step.label, fact)

    @property
    def document_steps(self) -> Choices:
        """The steps that lead here and may bring documents."""
        return [(step.key, step.label) for step in self.before if step.kind is StepKind.HANDOFF]

    @property
    def from_slots(self) -> Choices:
        """The places of their templates."""
        templates = [(step, self.facts.templates.get(step.template, NOTHING)) for step in self.before]
        found = {
            key: f"{slot.label} ({step.label})"
            for step, template in templates
            for key, slot in [*template.delivers.items(), *template.gives.items()]
        }
        return list(found.items())

    @property
    def slots(self) -> Choices:
        """The places of its own template."""
        return [(key, slot.label) for key, slot in self.template.gives.items()]

    @property
    def their_roles(self) -> Sequence[str]:
        """For a case: the roles of the other flow that are not filled by itself, and those that are cast already."""
        flow = self.facts.flows.get(self.step.flow)
        return sorted((flow.open if flow else frozenset()) | set(self.step.cast))


def _named(fields: Iterable[tuple[str, FieldFact]]) -> Choices:
    return [(key, f"{fact.label}{', required' if fact.required else ''}") for key, fact in fields]


def _grouped(fields: Iterable[KnownField]) -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in fields:
        side = "" if ".result." in field.path else " (given)"
        groups.setdefault(field.step, []).append((field.path, f"{field.fact.label}{side}"))
    return list(groups.items())


def _quoted(fact: FieldFact) -> str:
    first = fact.choices[0] if fact.choices else "…"
    return first.replace("\\", "\\\\").replace('"', '\\"')
