"""What is needed to play a flow: where, by whom, and how each step is gone about."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from handoffs.actions.cases.launch import used
from handoffs.definition.fields import FIELD_TYPES
from handoffs.flows.facts import Facts, FieldFact
from handoffs.flows.plan import Plan, Step, StepKind
from handoffs.sandbox import Script, StepScript
from portal.forms.base import ActionForm
from portal.forms.cases import needs_inside
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.specification import MAKERS, plain
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Workspace

SHARES = (
    ("0.25", "after a quarter of the time"),
    ("0.5", "after half of the time"),
    ("0.95", "at the last minute"),
    ("1.5", "late, by half of the time"),
    ("never", "never"),
)
FURTHEST = timedelta(days=5 * 365)
AGAIN = "The same again"
YES_NO: Mapping[str, Any] = {"(yes)": True, "(no)": False}


class PlaceForm(forms.Form):
    """In which workspace it is played; with a client in it, also where its internal steps happen."""

    use_required_attribute = False
    workspace = forms.ChoiceField(label="Played in")

    def __init__(self, *given: Any, member: Member, plan: Plan) -> None:
        super().__init__(*given)
        open_ones = workspaces_for(member, Permission.SEND).filter(closed_at=None).order_by("name")
        self.workspaces = {str(space.pk): space for space in open_ones}
        self.plan = plan
        names = [(key, space.name) for key, space in self.workspaces.items()]
        inside = [(key, space.name) for key, space in self.workspaces.items() if not space.is_client]
        self.fields["workspace"].choices = [("", "Choose…"), *names]  # type: ignore[attr-defined]
        if any(step.internal for step in plan.steps):
            self.fields["internal_workspace"] = forms.ChoiceField(
                label="Internal steps happen in", choices=[("", "Choose…"), *inside], required=False
            )

    def clean(self) -> dict[str, Any]:
        """Asks for the internal workspace where it is needed."""
        space = self.workspaces.get(self.cleaned_data.get("workspace", ""))
        if space and needs_inside(self.plan, space) and not self.cleaned_data.get("internal_workspace"):
            self.add_error("internal_workspace", "This flow has internal steps; choose where they happen.")
        return self.cleaned_data

    @property
    def chosen(self) -> tuple[Workspace, Workspace | None]:
        """Both; only after is_valid()."""
        inside = self.workspaces.get(self.cleaned_data.get("internal_workspace", ""))
        space = self.workspaces[self.cleaned_data["workspace"]]
        return space, inside if needs_inside(self.plan, space) else None


class SandboxForm(ActionForm):
    """When it begins, who plays the open roles, and the script of each step."""

    begins_at = forms.DateTimeField(
        label="Begins",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="On the virtual clock, in your own time zone.",
    )

    def __init__(self, *given: Any, plan: Plan, facts: Facts, workspace: Workspace, inside: Workspace | None) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        super().__init__(given[0] if given else None, initial={"begins_at": now})
        self.plan = plan
        needed = used(plan)
        self.roles = [role for role in plan.roles if role.key in needed and not (role.team or role.member)]
        self.names = {role.key: f"role-{role.key}" for role in self.roles}
        receivers: dict[int, Receivers] = {}
        for role in self.roles:
            internal = [step.internal for step in plan.steps if step.receiver == role.key]
            space = inside if inside is not None and internal and all(internal) else workspace
            if space.pk not in receivers:
                receivers[space.pk] = Receivers(space)
            self.fields[f"role-{role.key}"] = ReceiverField(receivers[space.pk], label=role.label)
        compared = looked_at(plan)
        self.facts: dict[str, FieldFact] = {}
        self.played = [step for step in plan.steps if step.kind is StepKind.HANDOFF]
        for number, step in enumerate(self.played):
            template = facts.templates.get(step.template)
            self._ask(f"step{number}", template.result if template else {}, compared.get(step.key, set()))

    def _ask(self, key: str, results: Mapping[str, FieldFact], compared: set[str]) -> None:
        for name, label in (("accepts", "Accepted"), ("completes", "Completed")):
            self.fields[f"{key}-{name}"] = forms.ChoiceField(label=label, choices=SHARES, required=False, initial="0.5")
        for name, fact in results.items():
            choices = _choices(fact)
            if choices:
                self.fields[f"{key}-first-{name}"] = forms.ChoiceField(
                    label=fact.label, choices=choices, required=False
                )
                self.fields[f"{key}-then-{name}"] = forms.ChoiceField(
                    label=f"{fact.label}, any further time", choices=[("", AGAIN), *choices], required=False
                )
            elif name in compared:
                self._ask_for(f"{key}-first-{name}", fact, fact.label, "Left empty, something is made up.")
                self._ask_for(f"{key}-then-{name}", fact, f"{fact.label}, any further time", f"Left empty: {AGAIN}.")
        self.fields[f"{key}-returns"] = forms.BooleanField(
            label="Comes back once before it is accepted", required=False
        )

    def _ask_for(self, name: str, fact: FieldFact, label: str, help_text: str) -> None:
        """What a condition compares and no list can hold: a number, a date, words, some of several choices."""
        common: dict[str, Any] = {"label": label, "required": False, "help_text": help_text}
        if fact.type == "choices":
            options = [(choice, choice) for choice in fact.choices]
            self.fields[name] = forms.MultipleChoiceField(
                choices=options, widget=forms.CheckboxSelectMultiple, **common
            )
        elif fact.type in MAKERS:  # a person cannot be compared
            self.fields[name] = MAKERS[fact.type](common)
            self.facts[name] = fact

    def clean(self) -> dict[str, Any]:
        """What a step delivers is judged as the step itself would."""
        for name, fact in self.facts.items():
            value = plain(self.cleaned_data.get(name))
            if value is not None:
                try:
                    self.cleaned_data[name] = FIELD_TYPES[fact.type].clean(value, fact.choices)
                except ValueError as fault:
                    self.add_error(name, f"This {fault}.")
        return self.cleaned_data

    def clean_begins_at(self) -> datetime:
        """Near enough for calendars to be laid out."""
        at: datetime = self.cleaned_data["begins_at"]
        if abs(at - timezone.now()) > FURTHEST:
            raise forms.ValidationError("Choose a time within five years.")
        return at

    @property
    def sections(self) -> list[tuple[Step, list[forms.BoundField]]]:
        """The fields of each step."""
        return [
            (step, [self[name] for name in self.fields if name.startswith(f"step{number}-")])
            for number, step in enumerate(self.played)
        ]

    @property
    def general(self) -> list[forms.BoundField]:
        """Those that belong to no step."""
        return [self["begins_at"], *(self[f"role-{role.key}"] for role in self.roles)]

    def words(self) -> dict[str, Any]:
        """The arguments of `play` but where."""
        said = self.cleaned_data
        casting = {role.key: cast for role in self.roles if (cast := said.get(f"role-{role.key}"))}
        script = Script({step.key: self._script(f"step{number}") for number, step in enumerate(self.played)})
        return {"at": said["begins_at"], "casting": casting, "script": script}

    def _script(self, key: str) -> StepScript:
        said = self.cleaned_data
        first, then = (self._values(f"{key}-{when}-") for when in ("first", "then"))
        return StepScript(
            accepts=_share(said[f"{key}-accepts"]),
            completes=_share(said[f"{key}-completes"]),
            returns_once=said[f"{key}-returns"],
            results=[first, {**first, **then}],
        )

    def _values(self, prefix: str) -> dict[str, Any]:
        said = {
            name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)
        }
        given = {name: plain(value) for name, value in said.items()}
        return {name: YES_NO.get(str(value), value) for name, value in given.items() if value is not None}


def looked_at(plan: Plan) -> dict[str, set[str]]:
    """Of each step the fields of its result on which something hangs: a condition, or the end of a wait."""
    found: dict[str, set[str]] = {}
    paths = [path for step in plan.steps for link in step.after if link.when for path in link.when.paths()]
    untils = (step.pause.until.split(".") for step in plan.steps if step.pause.until)
    for step, side, field in [*paths, *((parts[0], parts[1], parts[2]) for parts in untils)]:
        if side == "result":
            found.setdefault(step, set()).add(field)
    return found


def _choices(fact: FieldFact) -> list[tuple[str, str]]:
    if fact.type == "yes_no":
        return [(key, "Yes" if value else "No") for key, value in YES_NO.items()]
    return [(choice, choice) for choice in fact.choices] if fact.type == "choice" else []


def _share(text: str) -> float | None:
    return None if text == "never" else float(text or "0.5")
