"""What is added to a draft: a step, a role; and the order of its steps."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.flows.fields import Choices, ChosenField
from portal.forms.flows.step import KINDS
from tenants.models import Member, Team
from tenants.refusals import Invalid, Refusal

MOST = 500  # names to choose from


class NewStepForm(ActionForm):
    """Its name, its kind and its place; everything else is asked on its own page."""

    label = forms.CharField(label="Name", max_length=120, help_text="What is done, such as “Check the invoice”.")
    kind = forms.ChoiceField(choices=KINDS)

    def __init__(self, *given: Any, steps: Choices) -> None:
        last = steps[-1][0] if steps else ""
        super().__init__(given[0] if given else None, initial={"after": last}, auto_id="step_%s")
        if steps:
            self.fields["after"] = ChosenField(
                label="Comes after", choices=steps, blank="Nothing: a case begins with it"
            )
            self.fields["between"] = forms.BooleanField(
                label="In between: what came after that step comes after this one", required=False
            )


class RoleForm(ActionForm):
    """One side of the work: always the same people, or chosen when a case begins."""

    label = forms.CharField(label="Name", max_length=120, help_text="Such as “Approver”.")

    def __init__(self, *given: Any, teams: Choices, members: Choices, **options: Any) -> None:
        super().__init__(given[0] if given else None, **{"auto_id": "role_%s", **options})
        stored = self.initial
        self.fields["team"] = ChosenField(
            label="Always the team", choices=teams, blank="Chosen when a case begins", stored=stored.get("team", "")
        )
        self.fields["member"] = ChosenField(
            label="Always this person", choices=members, blank="Nobody in particular", stored=stored.get("member", "")
        )

    @staticmethod
    def people(member: Member) -> dict[str, Choices]:
        """The open teams and the able people of the organization."""
        here: Any = {"organization_id": member.organization_id}
        teams = Team.objects.filter(**here, closed_at=None).order_by("name").values_list("name", flat=True)
        able = Member.objects.able().people().filter(**here).exclude(role=Member.Role.VIEWER).order_by("name", "id")
        people = able.values_list("user__email", "name")
        return {
            "teams": [(name, name) for name in teams[:MOST]],
            "members": [(email, f"{name} ({email})") for email, name in people[:MOST]],
        }


class ChangeRoleForm(RoleForm):
    """The same of a role that is there, with the short name that steps know it by."""

    key = forms.SlugField(label="Short name", max_length=40, help_text="Small letters, digits and _.")

    def refuse(self, refusal: Refusal) -> None:
        """What cannot be read stands at its field."""
        problems = refusal.details.get("problems") or []
        placed = [(each["place"].rpartition("/")[2], each["sentence"]) for each in problems]
        if placed and all(name in self.fields for name, _ in placed):
            for name, sentence in placed:
                self.add_error(name, sentence)
            return
        super().refuse(refusal)


class MoveForm(ActionForm):
    """Which step, up or down."""

    key = forms.CharField(max_length=40)
    way = forms.ChoiceField(choices=(("up", "Up"), ("down", "Down")))

    def words(self) -> dict[str, Any]:
        """The arguments of `move_step`."""
        return {"key": self.cleaned_data["key"], "places": -1 if self.cleaned_data["way"] == "up" else 1}

    def say(self, sentence: str) -> None:
        """A sentence on top."""
        self.refusal = Invalid(sentence)
