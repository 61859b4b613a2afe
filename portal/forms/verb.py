"""What the form of any verb has: its handoff, its reader, and words if it needs them."""

from typing import Any

from django import forms

from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.models import Handoff
from portal.forms.base import ActionForm
from tenants.models import Member


def long_words(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A field for words over several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )


class VerbForm(ActionForm):
    """A verb without words; the base of those with them."""

    needs_words = False

    def __init__(self, *given: Any, handoff: Handoff, member: Member, **options: Any) -> None:
        super().__init__(*given, **options)
        self.handoff = handoff
        self.member = member
        self.prepare()

    def prepare(self) -> None:
        """Fits the fields to the handoff and its reader."""


class WordsForm(VerbForm):
    """A verb that needs words."""

    needs_words = True
