"""The rows of a step: what it comes after, which values and documents flow into it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from portal.forms.flows.fields import Choices, ChosenField, ConditionField

MOST = 40


class Row(forms.Form):
    """One row. A row whose first field is empty is no row, unless something else was written into it."""

    use_required_attribute = False
    first = ""
    lacking = ""

    def clean(self) -> dict[str, Any]:
        """Whatever stands in it needs its first field."""
        said = {name: value for name, value in self.cleaned_data.items() if value and name != "DELETE"}
        if said and not said.get(self.first) and self.first not in self.errors and not self.cleaned_data.get("DELETE"):
            self.add_error(self.first, self.lacking)
        return self.cleaned_data


class LinkRow(Row):
    """From a step, on a condition, otherwise, or back again."""

    first, lacking = "step", "Choose the step that it comes after."
    again_at_most = forms.IntegerField(
        label="Back again, at most … times", min_value=1, max_value=99, required=False, help_text="Makes it a loop."
    )
    when = ConditionField(
        label="Only if", widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"})
    )
    otherwise = forms.BooleanField(label="Otherwise: when no other way on is taken", required=False)

    def __init__(self, *given: Any, steps: Choices = (), **options: Any) -> None:
        super().__init__(*given, **options)
        stored = str(self.initial.get("step", ""))
        self.fields = {"step": ChosenField(label="After", choices=steps, stored=stored)} | self.fields


class TakeRow(Row):
    """One value that flows on."""

    first, lacking = "field", "Choose the field that it fills."

    def __init__(self, *given: Any, targets: Choices = (), sources: Choices = (), **options: Any) -> None:
        super().__init__(*given, **options)
        stored = self.initial
        self.fields["field"] = ChosenField(label="Into", choices=targets, stored=str(stored.get("field", "")))
        self.fields["source"] = ChosenField(label="From", choices=sources, stored=str(stored.get("source", "")))

    def clean(self) -> dict[str, Any]:
        """From somewhere."""
        said = super().clean()
        if said.get("field") and not said.get("source") and not said.get("DELETE"):
            self.add_error("source", "Choose where the value comes from.")
        return said


class DocumentRow(Row):
    """Documents that flow on."""

    first, lacking = "step", "Choose the step whose documents flow in."

    def __init__(
        self, *given: Any, steps: Choices = (), from_slots: Choices = (), slots: Choices = (), **options: Any
    ) -> None:
        super().__init__(*given, **options)
        stored = {name: str(value) for name, value in self.initial.items()}
        self.fields["step"] = ChosenField(label="Documents of", choices=steps, stored=stored.get("step", ""))
        self.fields["from_slot"] = ChosenField(
            label="Only those of", choices=from_slots, stored=stored.get("from_slot", ""), blank="All of them"
        )
        self.fields["slot"] = ChosenField(
            label="Laid into", choices=slots, stored=stored.get("slot", ""), blank="No place in particular"
        )


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows of one kind, with one to spare."""

    def add_fields(self, form: Any, index: Any) -> None:
        """The box says what it does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove"

    @property
    def kept(self) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """What stands in the rows that remain, with the number of the form each came from."""
        gone = set(map(id, self.deleted_forms))
        return [
            (number, {name: value for name, value in form.cleaned_data.items() if value and name != "DELETE"})
            for number, form in enumerate(self.forms)
            if id(form) not in gone and form.cleaned_data.get(form.first)
        ]


def rows_of(row: type[Row], prefix: str, data: Any, initial: Any, **choices: Any) -> Rows:
    """Those that stand in a step, and what was sent of them."""
    kind: Any = forms.formset_factory(
        row, formset=Rows, extra=1, max_num=MOST, absolute_max=MOST + 10, validate_max=True, can_delete=True
    )
    made: Rows = kind(data, prefix=prefix, initial=list(initial), form_kwargs=choices)
    return made
