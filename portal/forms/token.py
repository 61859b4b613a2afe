"""A new API token: what it is for, and how long it works."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms

from portal.forms.base import ActionForm

DAYS: Mapping[str, str] = {"30": "30 days", "90": "90 days", "365": "a year", "0": "until it is revoked"}


class TokenForm(ActionForm):
    """A name to know it by, and its term."""

    name = forms.CharField(max_length=120, help_text="What will use it, such as “Reporting script”.")
    days = forms.ChoiceField(label="Works for", choices=DAYS.items(), initial="90")

    @property
    def term(self) -> timedelta | None:
        """How long it is to work; None for no end."""
        days = int(self.cleaned_data["days"])
        return timedelta(days=days) if days else None

    def words(self) -> dict[str, Any]:
        """The name."""
        return {"name": self.cleaned_data["name"]}
