"""A new flow."""

from django import forms

from handoffs.definition.fields import LONG_TEXT_LIMIT
from portal.forms.base import ActionForm


class NewFlowForm(ActionForm):
    """What people choose it by."""

    name = forms.CharField(max_length=120, help_text="What people call the process, such as “Client onboarding”.")
    description = forms.CharField(
        required=False,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When to use it, and what comes of it.",
    )

    def field_of(self, refusal: object) -> str | None:
        """A name that is taken stands at the name."""
        return "name" if getattr(refusal, "code", "") == "name_taken" else super().field_of(refusal)  # type: ignore[arg-type]
