"""A new flow: an empty draft, or one that works from the first day."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html

from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.flows.starters import Starter
from portal.forms.base import ActionForm
from tenants.refusals import Refusal

EMPTY = "empty"


class NewFlowForm(ActionForm):
    """What it begins with, and what people choose it by."""

    name = forms.CharField(
        required=False, max_length=120, help_text="What people call the process. A ready one has a name already."
    )
    description = forms.CharField(
        required=False,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When to use it, and what comes of it.",
    )

    def __init__(self, *given: Any, starters: Sequence[Starter]) -> None:
        super().__init__(given[0] if given else None, initial={"begin": EMPTY})
        self.starters = {starter.key: starter for starter in starters}
        ready = [
            (key, format_html('<span>{}<small class="block">{}</small></span>', each.name, each.description))
            for key, each in self.starters.items()
        ]
        begin = forms.ChoiceField(
            label="Begin with", choices=[(EMPTY, "An empty draft"), *ready], widget=forms.RadioSelect, required=False
        )
        self.fields = ({"begin": begin} if ready else {}) | self.fields

    def clean(self) -> dict[str, Any]:
        """An empty draft needs a name."""
        if self.starter is None and not self.cleaned_data.get("name") and "name" not in self.errors:
            self.add_error("name", "Say what people call it.")
        return self.cleaned_data

    @property
    def starter(self) -> Starter | None:
        """The ready flow that was chosen."""
        return self.starters.get(self.cleaned_data.get("begin", ""))

    def field_of(self, refusal: Refusal) -> str | None:
        """A name that is taken stands at the name."""
        return "name" if refusal.code == "name_taken" else super().field_of(refusal)


class FlowNameForm(ActionForm):
    """What people choose a flow by."""

    name = forms.CharField(max_length=120, help_text="Running cases and the flows that launch it go by it at once.")
    description = forms.CharField(
        required=False,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When to use it, and what comes of it.",
    )

    def field_of(self, refusal: Refusal) -> str | None:
        """A name that is taken stands at the name."""
        return "name" if refusal.code == "name_taken" else super().field_of(refusal)
