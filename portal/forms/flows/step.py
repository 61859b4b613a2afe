"""One step of a flow: what it is, who does it, what it comes after, what flows into it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from handoffs.flows.document import written
from handoffs.flows.plan import Plan, Step, StepKind
from portal.forms.base import ActionForm
from portal.forms.flows.fields import Choices, ChosenField, WorkingTimeField
from portal.forms.flows.known import Known
from portal.forms.flows.rows import DocumentRow, LinkRow, Rows, TakeRow, rows_of
from tenants.refusals import Refusal

KINDS = (
    ("handoff", "Handoff: somebody is to do something"),
    ("milestone", "Milestone: a point worth naming"),
    ("wait", "Wait: until a date, or for a working time"),
    ("case", "Case of another flow"),
)
JOINS = (("all", "All of them are decided, and one leads here"), ("any", "The first of them leads here"))
CLOCKS = {"accept": "Time to accept", "start": "Time to start", "complete": "Time to complete", "answer": "To answer"}
KEY_HELP = "Conditions name the step by it: small letters, digits and _."
FLAGS = ("may_skip", "internal")
CAST, WITHIN = "cast_", "within_"


class StepForm(ActionForm):
    """The fields that belong to the kind of the step; what is sent becomes a step of the document."""

    label = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(choices=KINDS, help_text="Another kind asks for other things; save to see them.")
    key = forms.SlugField(label="Short name", max_length=40, help_text=KEY_HELP)
    names = {"flow": "flow"}

    def __init__(self, *given: Any, known: Known, templates: Choices = (), flows: Choices = ()) -> None:
        step = known.step
        super().__init__(given[0] if given else None, initial=_initial(step))
        self.known, self.shown_kind = known, step.kind
        self.roles: Choices = [(role.key, role.label) for role in known.plan.roles]
        self._common(step)
        match step.kind:
            case StepKind.HANDOFF:
                self._handoff(step, templates)
            case StepKind.WAIT:
                self._wait(step)
            case StepKind.CASE:
                self._case(step, flows)
        self.rows: dict[str, Rows] = dict(self._rows(given[0] if given else None, step))

    def _common(self, step: Step) -> None:
        self.fields["waits_for"] = forms.ChoiceField(
            label="It begins when", choices=JOINS, initial=step.waits_for.value, widget=forms.RadioSelect
        )

    def _handoff(self, step: Step, templates: Choices) -> None:
        add = self.fields
        add["template"] = ChosenField(
            choices=templates, stored=step.template, help_text="What must travel, and what “complete” means."
        )
        add["giver"] = ChosenField(label="Who hands over", choices=self.roles, stored=step.giver)
        add["receiver"] = ChosenField(label="Who takes over", choices=self.roles, stored=step.receiver)
        for clock, label in CLOCKS.items():
            lasts = step.within.get(clock)
            add[WITHIN + clock] = WorkingTimeField(label=label, initial=lasts)
        add["takes_all"] = forms.BooleanField(
            label="Every value known by then flows into the field of the same key", required=False
        )
        asked = {key: f"{fact.label}" for key, fact in self.known.template.context.items()}
        asked |= {key: f"{key} (not found)" for key in step.asks if key not in asked}
        if asked:
            add["asks"] = forms.MultipleChoiceField(
                label="Whoever hands over is asked for",
                choices=list(asked.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        add["on_accept"] = forms.BooleanField(label="Done as soon as it is accepted: an acknowledgment", required=False)
        add["may_skip"] = forms.BooleanField(label="It may be skipped, with a reason", required=False)
        add["internal"] = forms.BooleanField(label="Clients do not see it: it happens internally", required=False)

    def _wait(self, step: Step) -> None:
        add = self.fields
        add["lasts"] = WorkingTimeField(
            label="It lasts", help_text="Working time, such as 16 h.", initial=step.pause.lasts
        )
        add["hours_of"] = ChosenField(label="By the hours of", choices=self.roles, stored=step.pause.hours_of)
        add["until"] = ChosenField(
            label="Or until",
            choices=self.known.dates,
            stored=step.pause.until,
            help_text="A date that is known by then.",
        )

    def _case(self, step: Step, flows: Choices) -> None:
        self.fields["flow"] = ChosenField(label="Flow", choices=flows, stored=step.flow)
        for theirs in self.known.their_roles:
            ours = step.cast.get(theirs, "")
            self.fields[CAST + theirs] = ChosenField(label=f"“{theirs}” there is", choices=self.roles, stored=ours)
            self.initial[CAST + theirs] = ours

    def _rows(self, data: Any, step: Step) -> Iterator[tuple[str, Rows]]:
        kept = written(Plan((), (step,)))["steps"][0]
        yield "after", rows_of(LinkRow, "after", data, kept.get("after", ()), steps=self.known.steps)
        if step.kind in (StepKind.HANDOFF, StepKind.CASE):
            offered = {"targets": self.known.targets, "sources": self.known.sources}
            yield "takes", rows_of(TakeRow, "takes", data, kept.get("takes", ()), **offered)
        if step.kind is StepKind.HANDOFF:
            offered = {"steps": self.known.document_steps, "from_slots": self.known.from_slots}
            offered["slots"] = self.known.slots
            yield "documents", rows_of(DocumentRow, "documents", data, kept.get("documents", ()), **offered)

    def is_valid(self) -> bool:
        """Its rows as well, whatever else is wrong."""
        rows = [rows.is_valid() for rows in self.rows.values()]
        return super().is_valid() and all(rows)

    def words(self) -> dict[str, Any]:
        """The step as the document says it."""
        said = self.cleaned_data
        step: dict[str, Any] = {name: said[name] for name in ("key", "label", "kind", "waits_for")}
        for name in ("template", "giver", "receiver", "asks", "flow"):
            if said.get(name):
                step[name] = said[name]
        for name in FLAGS:
            step |= {name: True} if said.get(name) else {}
        if "takes_all" in said:
            step["takes_all"] = said["takes_all"]
        if said.get("on_accept"):
            step["done_on"] = "accept"
        step |= {name: part for name, part in self._parts(said).items() if part}
        return {"step": step if said["kind"] == self.shown_kind else _as_kind(step, said["kind"])}

    def _parts(self, said: Mapping[str, Any]) -> dict[str, Any]:
        pause = {name: said[name] for name in ("lasts", "hours_of", "until") if said.get(name)}
        within = {name.removeprefix(WITHIN): said[name] for name in said if name.startswith(WITHIN) and said[name]}
        cast = {name.removeprefix(CAST): said[name] for name in said if name.startswith(CAST) and said[name]}
        rows = {name: [row for _, row in rows.kept] for name, rows in self.rows.items()}
        return {"pause": pause, "within": within, "cast": cast, **rows}

    def refuse(self, refusal: Refusal) -> None:
        """Each problem of a document that cannot be read at its field; what has no place here stands on top."""
        problems = refusal.details.get("problems")
        here = (
            f"steps/{self.known.plan.steps.index(self.known.step)}/" if self.known.step in self.known.plan.steps else ""
        )
        if not problems or not all(
            self._placed_problem(each["place"].removeprefix(here), each["sentence"]) for each in problems
        ):
            super().refuse(refusal)

    def _placed_problem(self, place: str, sentence: str) -> bool:
        part, _, rest = place.partition("/")
        number, _, name = rest.partition("/")
        if part in self.rows and number.isdigit():
            numbers = [form for form, _ in self.rows[part].kept]
            row = self.rows[part].forms[numbers[int(number)]] if int(number) < len(numbers) else None
            if row is not None:
                row.add_error(name if name in row.fields else None, sentence)
                return True
        for field in (part, rest, WITHIN + rest, CAST + rest):
            if field in self.fields:
                self.add_error(field, sentence)
                return True
        return False

    @property
    def all_errors(self) -> Sequence[tuple[str, str, str]]:
        """Everything that is wrong: (id of the field, its label, the sentence)."""
        forms_: list[forms.BaseForm] = [self, *(row for rows in self.rows.values() for row in rows.forms)]
        found = [
            (field.id_for_label or field.auto_id, str(field.label), str(error))
            for form in forms_
            for field in form
            for error in field.errors
        ]
        own = [("", "", str(error)) for form in forms_ for error in form.non_field_errors()]
        several = [("", "", str(error)) for rows in self.rows.values() for error in rows.non_form_errors()]
        return own + several + found


def _initial(step: Step) -> dict[str, Any]:
    pause = step.pause
    return {
        **{name: getattr(step, name) for name in ("label", "key", "template", "giver", "receiver", "flow")},
        **{name: getattr(step, name) for name in ("takes_all", "may_skip", "internal")},
        "kind": step.kind.value,
        "asks": list(step.asks),
        "on_accept": step.done_on.value == "accept",
        "hours_of": pause.hours_of,
        "until": pause.until,
    }


def _as_kind(step: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What stays of a step that becomes one of another kind."""
    kept = {"key", "label", "kind", "waits_for", "after"}
    if kind == StepKind.CASE:
        kept |= {"takes"}
    return {name: value for name, value in step.items() if name in kept}
