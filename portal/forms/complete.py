"""Completing a step of a case: its result, and what the next steps ask of their giver."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from handoffs.actions.cases import NextStep, next_of
from handoffs.flows.knowing import plan_of_case
from handoffs.insight.place import place_of
from portal.forms.specification import form_field, initial_of, known_people, needs_people, plain
from portal.forms.verbs import CompleteForm

TICKED = "checklist."


@dataclass(frozen=True)
class Following:
    """One next step with the fields that its giver is asked for."""

    step: NextStep
    fields: Sequence[BoundField]
    flowing: Sequence[str]
    warnings: Sequence[str]


class CompleteStepForm(CompleteForm):
    """What comes next may hang on the result: then it is asked for once the result is known, in a second step.

    `seen` names the steps whose questions were shown already.
    """

    def __init__(self, *given: Any, result: dict[str, Any] | None = None, **options: Any) -> None:
        self._result = result
        super().__init__(*given, **options)

    def prepare(self) -> None:
        """The result's fields, then those of each next step."""
        super().prepare()
        if self._result is not None:
            for field in self.specified:
                self.initial[f"result-{field.key}"] = initial_of(field, self._result.get(field.key))
        for step in self.next_steps:
            people = known_people(self.member, self.handoff.workspace) if needs_people(step.asks) else []
            for field in step.asks:
                self.fields[f"next:{step.key}-{field.key}"] = form_field(field, people)
            for item in step.ticks:
                name = f"next:{step.key}-{TICKED}{item.key}"
                self.fields[name] = forms.BooleanField(label=item.label, required=item.required)
        shown = ",".join(step.key for step in self.next_steps)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=shown)

    @cached_property
    def next_steps(self) -> Sequence[NextStep]:
        """What would be offered; nothing while that hangs on a result that is not known yet."""
        result = self._result
        if self.is_bound:
            first = CompleteForm(self.data, handoff=self.handoff, member=self.member)
            result = first.values() if first.is_valid() else None
        if result is None and self.depends:
            return ()
        return next_of(self.handoff, by=self.member, at=timezone.now(), result=result)

    @cached_property
    def depends(self) -> bool:
        """Whether what comes next hangs on conditions."""
        place = place_of(self.handoff, self.member)
        if place is None:
            return False
        plan = plan_of_case(place.case)
        return any(link.when is not None for _, link in (*plan.forward(place.step), *plan.loops(place.step)))

    @property
    def asks_more(self) -> bool:
        """Whether a next step asks something, or loses something, that was not shown yet."""
        seen = set(self.data.get("seen", "").split(","))
        telling = [step for step in self.next_steps if step.asks or step.ticks or self._warnings(step)]
        return any(step.key not in seen for step in telling)

    def once_more(self) -> "CompleteStepForm":
        """The same with the result filled in, and what the next steps ask."""
        first = CompleteForm(self.data, handoff=self.handoff, member=self.member)
        result = first.values() if first.is_valid() else {}
        return CompleteStepForm(handoff=self.handoff, member=self.member, result=result)

    @property
    def own(self) -> list[BoundField]:
        """The fields of the result, and the hidden one."""
        return [field for field in self if not field.name.startswith("next:")]

    @property
    def following(self) -> list[Following]:
        """Each next step: who gets it, what flows into it, what its giver is asked, what is about to be dropped."""
        return [
            Following(
                step,
                [self[name] for name in self.fields if name.startswith(f"next:{step.key}-")],
                [field.label for field in step.fields if field.key in step.values],
                self._warnings(step),
            )
            for step in self.next_steps
        ]

    def _warnings(self, step: NextStep) -> list[str]:
        """What is about to be dropped; a client is told of what they see themselves."""
        return [dropped.sentence for dropped in step.dropped]

    def words(self) -> dict[str, Any]:
        """The result, and what is given for each next step."""
        given: dict[str, dict[str, Any]] = {}
        for step in self.next_steps:
            keys = [field.key for field in step.asks] + [f"{TICKED}{item.key}" for item in step.ticks]
            values = {key: plain(self.cleaned_data.get(f"next:{step.key}-{key}")) for key in keys}
            given[step.key] = {key: value for key, value in values.items() if value is not None and value is not False}
        return {**super().words(), "given": given}
