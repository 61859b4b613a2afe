"""Launching a case: first which flow and where, then who plays which role and what the first steps ask."""

from typing import Any

from django import forms

from handoffs.definition.specification import Specification
from handoffs.flows.plan import Plan
from handoffs.flows.versions import pins_of, plan_of
from handoffs.insight.case_list import launchable
from handoffs.insight.launching import begins_with, used
from handoffs.models import FlowVersion, Side
from portal.forms.base import ActionForm
from portal.forms.draft import described
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.specification import form_field, known_people, needs_people, plain
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Workspace

TICKED = "checklist."


class ChooseCaseForm(forms.Form):
    """Which flow, in which workspace; and where its internal steps happen, if there is a client in it."""

    use_required_attribute = False
    flow = forms.ChoiceField(label="Which flow", widget=forms.RadioSelect)
    workspace = forms.ChoiceField(label="In which workspace")
    internal_workspace = forms.ChoiceField(
        label="Internal steps happen in", required=False, help_text="Clients never see what happens there."
    )

    def __init__(self, *given: Any, member: Member, **options: Any) -> None:
        super().__init__(*given, **options)
        sending = workspaces_for(member, Permission.SEND).filter(closed_at=None).order_by("name")
        self.workspaces = {} if member.role == Role.CLIENT else {str(space.pk): space for space in sending}
        versions = launchable(member) if self.workspaces else ()
        self.versions = {str(version.flow_id): version for version in versions}
        flows = [(key, described(v.flow.name, v.flow.description)) for key, v in self.versions.items()]
        everywhere = [(key, space.name) for key, space in self.workspaces.items()]
        inside = [(key, space.name) for key, space in self.workspaces.items() if not space.is_client]
        self.fields["flow"].choices = flows  # type: ignore[attr-defined]
        self.fields["workspace"].choices = [("", "Choose…"), *everywhere]  # type: ignore[attr-defined]
        self.fields["internal_workspace"].choices = [("", "Choose…"), *inside]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Asks for the internal workspace where it is needed."""
        cleaned = super().clean() or self.cleaned_data
        version = self.versions.get(cleaned.get("flow", ""))
        space = self.workspaces.get(cleaned.get("workspace", ""))
        if version and space and not cleaned.get("internal_workspace") and needs_inside(plan_of(version), space):
            self.add_error("internal_workspace", "This flow has internal steps; choose where they happen.")
        return cleaned

    @property
    def chosen(self) -> tuple[FlowVersion, Workspace, Workspace | None]:
        """The version, the workspace, and the internal one if the flow needs it; only after is_valid()."""
        version, space = self.versions[self.cleaned_data["flow"]], self.workspaces[self.cleaned_data["workspace"]]
        inside = self.workspaces.get(self.cleaned_data.get("internal_workspace", ""))
        return version, space, inside if needs_inside(plan_of(version), space) else None


def needs_inside(plan: Plan, workspace: Workspace) -> bool:
    """Whether a case there needs an internal workspace beside the client's."""
    return workspace.is_client and any(step.internal for step in plan.steps)


class LaunchForm(ActionForm):
    """Title, due time, a receiver for each role that the flow does not fill itself, and what the first steps ask."""

    title = forms.CharField(max_length=200, help_text="What this case is about; every step of it carries it.")
    due_at = forms.DateTimeField(
        label="Due",
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="When the whole case should be over. In your own time zone.",
    )

    def __init__(
        self,
        *given: Any,
        member: Member,
        version: FlowVersion,
        workspace: Workspace,
        internal_workspace: Workspace | None,
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        self.workspace, self.internal_workspace = workspace, internal_workspace
        plan = plan_of(version)
        self.roles = [key for key in plan.roles_by_key if key in used(plan) - pins_of(version).by_role.keys()]
        self.names = {key: f"role-{key}" for key in self.roles}
        receivers: dict[int, Receivers] = {}
        for key in self.roles:
            space = self._space(plan, key)
            if space.pk not in receivers:
                receivers[space.pk] = Receivers(space)
            steps = [step.label for step in plan.steps if step.receiver == key]
            self.fields[f"role-{key}"] = ReceiverField(
                receivers[space.pk],
                label=plan.roles_by_key[key].label,
                help_text=f"Receives {', '.join(f'“{label}”' for label in steps)}." if steps else "",
            )
        self.begins = list(begins_with(version))
        for begins in self.begins:
            add_asked(self, begins.key, begins.asked, member, workspace)

    def _space(self, plan: Plan, role: str) -> Workspace:
        """Where the steps of a role happen; of one with both kinds, the client's workspace."""
        internal = [step.internal for step in plan.steps if step.receiver == role]
        return self.internal_workspace if self.internal_workspace and internal and all(internal) else self.workspace

    def words(self) -> dict[str, Any]:
        """Everything the launch needs but where it is."""
        return {
            "title": self.cleaned_data["title"],
            "due_at": self.cleaned_data["due_at"],
            "casting": {key: cast for key in self.roles if (cast := self.cleaned_data.get(f"role-{key}"))},
            "given": {begins.key: given_for(self, begins.key, begins.asked) for begins in self.begins},
        }


def add_asked(form: ActionForm, step: str, asked: Specification, member: Member, workspace: Workspace) -> None:
    """Adds what the giver of a step is asked: its sender's fields and checklist, each named next:step-key."""
    fields = asked.side(Side.SENDER, internal=member.role != Role.CLIENT)
    people = known_people(member, workspace) if needs_people(fields) else []
    for field in fields:
        form.fields[f"next:{step}-{field.key}"] = form_field(field, people)
    for item in asked.items:
        if item.side == Side.SENDER and not (item.internal and member.role == Role.CLIENT):
            name = f"next:{step}-{TICKED}{item.key}"
            form.fields[name] = forms.BooleanField(label=item.label, required=item.required)


def given_for(form: ActionForm, step: str, asked: Specification) -> dict[str, Any]:
    """What was given for a step, by key; nothing that was left empty."""
    names = [field.key for field in asked.side(Side.SENDER)] + [f"{TICKED}{item.key}" for item in asked.items]
    values = {key: plain(form.cleaned_data.get(f"next:{step}-{key}")) for key in names}
    return {key: value for key, value in values.items() if value is not None and value is not False}
