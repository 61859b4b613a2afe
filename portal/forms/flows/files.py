"""A flow that arrives as a file."""

from typing import Any

from django import forms

from handoffs.flows.document import LARGEST
from portal.forms.base import ActionForm
from tenants.refusals import Refusal


class ImportForm(ActionForm):
    """The file, and what the flow is to be called here."""

    file = forms.FileField(
        label="File",
        help_text="As another organization exported it, or a process in BPMN 2.0 XML.",
        max_length=255,
        allow_empty_file=True,
    )
    name = forms.CharField(
        required=False, max_length=120, help_text="In the place of its own name, where that is taken here."
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)

    def words(self) -> dict[str, Any]:
        """What was sent, no more of it than is read anyway."""
        return {"text": self.cleaned_data["file"].read(LARGEST * 4 + 1), "name": self.cleaned_data["name"]}

    def field_of(self, refusal: Refusal) -> str | None:
        """A name that is taken stands at the name."""
        return "name" if refusal.code == "name_taken" else super().field_of(refusal)
