"""An event log: the file, what its columns mean, and what it is to become."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from handoffs.logs.columns import MEANINGS, NEEDED, Columns
from handoffs.logs.written import WRITTEN
from portal.forms.base import ActionForm
from tenants.zones import known_zones

NONE = ""
HELP: Mapping[str, str] = {
    "case": "What goes from hand to hand: the number of a ticket, an order, a request.",
    "activity": "What happened, such as “Assigned” or “Completed”.",
    "time": "When it happened.",
    "person": "Who did it. Without one, nobody is told apart.",
    "team": "Whose turn it was. Without one, everybody is one team and no lane is told apart.",
}


class UploadForm(ActionForm):
    """The file."""

    file = forms.FileField(
        label="Event log",
        max_length=255,
        allow_empty_file=True,
        help_text="CSV, an Excel workbook (.xlsx) or XES; CSV and XES also compressed (.gz). One row for each event.",
    )

    def words(self) -> dict[str, Any]:
        """The file, and what it is called."""
        file = self.cleaned_data["file"]
        return {"file": file, "name": file.name}


class ColumnsForm(ActionForm):
    """Which column means what, and how its times are written."""

    written = forms.ChoiceField(label="Times are written like", choices=list(WRITTEN.items()))
    zone = forms.ChoiceField(
        label="Time zone", help_text="Of times that name none.", choices=lambda: [(z, z) for z in sorted(known_zones())]
    )

    def __init__(self, *given: Any, head: Sequence[str], chosen: Mapping[str, Any]) -> None:
        initial = {name: value for name, value in chosen.items() if value is not None}
        super().__init__(given[0] if given else None, initial=initial)
        columns = [(str(place), name or f"Column {place + 1}") for place, name in enumerate(head)]
        self.fields = {name: _column(name, columns) for name in MEANINGS} | self.fields

    def words(self) -> dict[str, Any]:
        """The columns by their places."""
        said = self.cleaned_data
        places: dict[str, Any] = {name: int(said[name]) if said[name] != NONE else None for name in MEANINGS}
        return {"columns": Columns(**places, written=said["written"], zone=said["zone"])}


def _column(name: str, columns: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    needed = name in NEEDED
    none = "Choose a column" if needed else "There is none"
    return forms.ChoiceField(
        label=MEANINGS[name], required=needed, help_text=HELP[name], choices=[(NONE, none), *columns]
    )


class BringForm(ActionForm):
    """What the log becomes."""

    name = forms.CharField(
        label="Name of the new organization", max_length=120, help_text="It is yours alone, and marked as imported."
    )
    done = forms.MultipleChoiceField(
        label="These mean that a case is completed",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where none is chosen, every case stays open with whoever had it last.",
    )
    queued = forms.MultipleChoiceField(
        label="These mean that it waits for somebody of the team",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="All others mean that the person works at it from then on.",
    )
    leave_out = forms.BooleanField(label="Leave out the cases with rows that were not understood", required=False)

    def __init__(
        self, *given: Any, activities: Sequence[tuple[str, int]], guessed: Mapping[str, Any], has_bad: bool
    ) -> None:
        super().__init__(given[0] if given else None, initial=dict(guessed))
        choices = [(name, f"{name} ({number:,})") for name, number in activities]
        for name in ("done", "queued"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        if not has_bad:
            del self.fields["leave_out"]
