"""How one is told: how soon of what, when digests come, when it is quiet."""

from collections.abc import Mapping
from typing import Any

from django import forms

from handoffs.actions.delivery import Choices
from handoffs.delivery.channels import PERSONAL
from handoffs.delivery.kinds import FIXED, Kind, Pace
from portal.forms.base import ActionForm

HOURLY = "hourly"
ALWAYS = "Alarms addressed to you always come at once. They cannot be switched off."
DIGESTS: Mapping[str, str] = {HOURLY: "Every hour", **{str(hour): f"Daily at {hour:02}:00" for hour in range(24)}}


class DeliveryForm(ActionForm):
    """One choice for each kind and channel, then the rhythm."""

    daily_at = forms.ChoiceField(
        label="Digests come",
        choices=DIGESTS.items(),
        help_text="What is to come in a digest, and what would be too much in one hour, comes together then.",
    )
    quiet_from = forms.TimeField(
        label="Quiet from",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In quiet hours nothing is sent to you; it waits until they end. Notifications here come as ever.",
    )
    quiet_until = forms.TimeField(
        label="Quiet until",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="An alarm may break the quiet if its ladder says so.",
    )
    weekly = forms.BooleanField(
        label="Send me a report of each week",
        required=False,
        help_text="By mail, on the morning after the week is over, at the hour of your daily digest or at 07:00: where "
        "work waited, among what you may see.",
    )

    def __init__(self, *given: Any, choices: Choices) -> None:
        rhythm = {
            "daily_at": HOURLY if choices.daily_at is None else str(choices.daily_at),
            "weekly": choices.weekly,
        }
        quiet = {"quiet_from": choices.quiet_from, "quiet_until": choices.quiet_until}
        super().__init__(given[0] if given else None, initial=rhythm | quiet)
        own = {
            _name(kind, channel): _field(kind, word, choices.paces[kind, channel])
            for kind in Kind
            for channel, word in PERSONAL.items()
        }
        self.fields = own | self.fields

    def words(self) -> dict[str, Any]:
        """What was chosen."""
        said = self.cleaned_data
        paces = {
            (kind, channel): Pace(said[_name(kind, channel)])
            for kind in Kind
            if kind not in FIXED
            for channel in PERSONAL
        }
        daily_at = None if said["daily_at"] == HOURLY else int(said["daily_at"])
        return {"choices": Choices(paces, daily_at, said["quiet_from"], said["quiet_until"], said["weekly"])}


def _name(kind: Kind, channel: str) -> str:
    return f"{kind}_{channel}"


def _field(kind: Kind, channel_word: str, chosen: Pace) -> forms.ChoiceField:
    fixed = kind in FIXED
    return forms.ChoiceField(
        label=f"{kind.label}, by {channel_word.lower()}",
        help_text=ALWAYS if fixed else kind.explained,
        choices=[(pace.value, pace.label) for pace in Pace if not fixed or pace is Pace.AT_ONCE],
        widget=forms.RadioSelect,
        initial=chosen.value,
        disabled=fixed,
    )


class RoomForm(ActionForm):
    """A chat room: where it is, what it serves, what it is told of."""

    name = forms.CharField(max_length=80, help_text="What you call the room.")
    address = forms.CharField(
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Such as slack://…, discord://… or mmosts://…. It holds a secret and is never shown again.",
    )
    workspaces = forms.MultipleChoiceField(
        label="Workspaces it serves", required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.MultipleChoiceField(label="Teams it serves", required=False, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        label="What it is told of",
        choices=[(kind.value, kind.plainly) for kind in Kind],
        initial=[kind.value for kind in Kind if kind is not Kind.NOTES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, workspaces: Mapping[int, Any], teams: Mapping[int, Any]) -> None:
        super().__init__(*given)
        self.known = {"workspaces": workspaces, "teams": teams}
        for name, rows in self.known.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(str(id), str(row)) for id, row in rows.items()]

    def words(self) -> dict[str, Any]:
        """The arguments for the action."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "address": said["address"],
            "kinds": [Kind(kind) for kind in said["kinds"]],
            "workspaces": [self.known["workspaces"][int(id)] for id in said["workspaces"]],
            "teams": [self.known["teams"][int(id)] for id in said["teams"]],
        }
