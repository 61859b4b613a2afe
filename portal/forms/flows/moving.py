"""Which running cases go on by another version."""

from collections.abc import Sequence
from typing import Any

from django import forms

from handoffs.models import Case
from portal.forms.base import ActionForm


class MoveCasesForm(ActionForm):
    """A tick for each case that is shown; one that was moved or ended meanwhile is no longer a choice, and no fault."""

    case = forms.MultipleChoiceField(
        label="Cases", error_messages={"required": "Choose at least one case.", "invalid_choice": "%(value)s"}
    )

    def __init__(self, *given: Any, cases: Sequence[Case], **options: Any) -> None:
        super().__init__(*given, **options)
        self.by_key = {str(case.pk): case for case in cases}
        sent: Any = self.data
        known = dict.fromkeys([*self.by_key, *(sent.getlist("case") if self.is_bound else ())])
        self.fields["case"].choices = [(key, key) for key in known]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Case]:
        """Those of the chosen ones that are still there to be moved."""
        return [self.by_key[key] for key in self.cleaned_data["case"] if key in self.by_key]
