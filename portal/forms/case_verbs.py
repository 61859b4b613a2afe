"""The form of each verb of a case: its words, and what comes next asks once it is known to be missing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import slugify

from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.flows.next import TurnState
from handoffs.flows.plan import Link, Step, StepKind
from handoffs.insight.cases import SeenCase
from handoffs.lifecycle import RETURN_REASONS
from handoffs.models import CaseVerb, TemplateVersion
from portal.forms.base import ActionForm
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.verb import long_words
from tenants.refusals import Refusal

NEXT = "next:"


class CaseForm(ActionForm):
    """A reason, and whatever the steps that come next turn out to ask of their giver."""

    reason = long_words("Reason", help_text="Everybody concerned reads it.")

    def __init__(self, *given: Any, seen: SeenCase, **options: Any) -> None:
        super().__init__(*given, **options)
        self.seen = seen
        self.prepare()
        for name in sorted(self.data) if self.is_bound else ():
            if name.startswith(NEXT):
                self._ask(name, name.rpartition("-")[2].replace("_", " ").capitalize())
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def prepare(self) -> None:
        """Fits the fields to the case."""

    def refuse(self, refusal: Refusal) -> None:
        """What is missing for the next steps becomes a field each, to be filled in where one stands."""
        for lack in refusal.details.get("missing", []):
            if lack["part"].startswith(NEXT):
                self._ask(f"{lack['part']}-{lack['key']}", lack["sentence"])
        super().refuse(refusal)

    def _ask(self, name: str, label: str) -> None:
        if ".checklist" in name or "checklist." in name:
            self.fields[name] = forms.BooleanField(label=label, required=False)
        else:
            self.fields[name] = forms.CharField(label=label, required=False, max_length=LONG_TEXT_LIMIT)

    def given(self) -> dict[str, dict[str, Any]]:
        """What is given for the next steps, by step and field."""
        found: dict[str, dict[str, Any]] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(NEXT) and value:
                step, _, key = name.removeprefix(NEXT).partition("-")
                found.setdefault(step, {})[key] = value
        return found

    def reason_words(self) -> dict[str, Any]:
        """The reason alone."""
        return {"reason": self.cleaned_data["reason"]}


class SkipForm(CaseForm):
    """Which of the steps under way."""

    step = forms.ChoiceField(label="Which step")

    def prepare(self) -> None:
        """Those that the flow lets one skip, and those that were broken off."""
        choices = [(key, self.seen.label_of(key)) for key in skippable(self.seen)]
        self.fields["step"].choices = choices if len(choices) == 1 else [("", "Choose…"), *choices]  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """The step, the reason, and what is given."""
        return {**self.reason_words(), "step": self.cleaned_data["step"], "given": self.given()}


def skippable(seen: SeenCase) -> list[str]:
    """The steps that may be skipped now."""
    steps = seen.course.plan.by_key
    return [
        key
        for key, turn in seen.turns.items()
        if key in steps
        and (turn.state == TurnState.CANCELLED or (turn.state == TurnState.LIVE and steps[key].may_skip))
    ]


class CancelForm(CaseForm):
    """Why nothing of it is to be done any more."""

    def words(self) -> dict[str, Any]:
        """The reason."""
        return self.reason_words()


WHOLE = "*"  # no key of a role


class ReassignForm(CaseForm):
    """Which role, and who plays it from now on; or the case as a whole, and who answers for it."""

    names = {"team": "receiver", "member": "receiver"}
    role = forms.ChoiceField(label="Which role")
    take_over = forms.BooleanField(
        label="What is in hand goes over to them as well",
        required=False,
        help_text="Else whoever accepted a step of this role keeps it; open offers go to the new receiver either way.",
    )

    def prepare(self) -> None:
        """The roles of the case, and everybody who can receive where it happens."""
        roles = [(role.key, role.label) for role in self.seen.plan.roles if role.key in self.seen.castings]
        case = self.seen.case
        whole = (WHOLE, f"The case as a whole, for which {case.owner.name} answers")
        self.fields["role"].choices = [("", "Choose…"), *roles, whole]  # type: ignore[attr-defined]
        self.inside = Receivers(case.internal_workspace) if case.internal_workspace else None
        field = ReceiverField(Receivers(case.workspace), label="Who plays it from now on")
        if self.inside is not None:
            known = {key for _, lines in field.receivers.choices for key, _ in lines}
            for name, lines in self.inside.choices:
                others = [pair for pair in lines if pair[0] not in known]
                field.choices += [(name, others)] if others else []  # type: ignore[operator]
        self.fields["receiver"] = field

    def clean(self) -> dict[str, Any]:
        """For a case as a whole one person answers."""
        said = super().clean() or {}
        if said.get("role") == WHOLE and "receiver" in said and self._chosen()[1] is None:
            self.add_error("receiver", "A team cannot answer for a case: choose one person.")
        return said

    @property
    def is_about_the_whole(self) -> bool:
        """Whether it is the case that goes to somebody else."""
        return bool(self.cleaned_data["role"] == WHOLE)

    def _chosen(self) -> Any:
        chosen = self.cleaned_data["receiver"]
        if chosen is None and self.inside is not None:
            chosen = self.inside.get(self.data.get("receiver", ""))
        return chosen

    def words(self) -> dict[str, Any]:
        """The role, the receiver, the reason."""
        team, member = self._chosen()
        if self.is_about_the_whole:
            return {**self.reason_words(), "to": member}
        own = {"role": self.cleaned_data["role"], "take_over": self.cleaned_data["take_over"]}
        return {**self.reason_words(), **own, "team": team, "member": member}


class AddStepForm(CaseForm):
    """A step of this case alone: what it is called, who receives it, after and before which steps it comes."""

    names = {"step": "label"}
    label = forms.CharField(max_length=120, label="What the step is called")
    template = forms.ChoiceField(label="Template", required=False)
    receiver = forms.ChoiceField(label="Who receives it")
    after = forms.MultipleChoiceField(label="It comes after", widget=forms.CheckboxSelectMultiple)
    before = forms.MultipleChoiceField(
        label="These wait for it", widget=forms.CheckboxSelectMultiple, required=False, help_text="Steps still to come."
    )

    def prepare(self) -> None:
        """What there is in this case."""
        seen = self.seen
        steps = [(step.key, step.label) for step in seen.plan.steps]
        counting = seen.course.counting
        current = TemplateVersion.objects.filter(organization_id=seen.case.organization_id).current()
        templates = sorted(current.select_related("template"), key=lambda version: version.template.name.casefold())
        choices: Mapping[str, Any] = {
            "template": [("", "Without a template"), *((v.template.name, v.template.name) for v in templates)],
            "receiver": [("", "Choose…"), *((r.key, r.label) for r in seen.plan.roles if r.key in seen.castings)],
            "after": steps,
            "before": [(key, label) for key, label in steps if key not in counting],
        }
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """The step with its links, and the steps that wait for it."""
        told = self.cleaned_data
        step = Step(
            _key(told["label"], self.seen),
            told["label"],
            StepKind.HANDOFF,
            after=tuple(Link(key) for key in told["after"]),
            template=told["template"],
            receiver=told["receiver"],
            giver=told["receiver"],
        )
        return {**self.reason_words(), "step": step, "before": told["before"], "given": self.given()}


def _key(label: str, seen: SeenCase) -> str:
    """A key that no step of the case has, made of the label."""
    base = (slugify(label).strip("-_") or "step")[:30]
    base = base if base[0].isalpha() else f"step-{base}"
    taken = {*seen.course.plan.by_key, *(turn.step for turn in seen.course.turns)}
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 1000))) if key not in taken)


class SendBackForm(CaseForm):
    """From which step of one's own, to which earlier one."""

    at_step = forms.ChoiceField(label="What you have, or are offered")
    to_step = forms.ChoiceField(label="Back to")
    reason_code = forms.ChoiceField(label="What kind of reason", choices=[("", "Choose…"), *RETURN_REASONS.items()])

    def prepare(self) -> None:
        """The steps that are the reader's now, and those that were done before them."""
        mine = mine_now(self.seen)
        steps = [step for step in self.seen.plan.steps if step.key in earlier(self.seen)]
        choices = [(key, self.seen.label_of(key)) for key in mine]
        self.fields["at_step"].choices = choices if len(choices) == 1 else [("", "Choose…"), *choices]  # type: ignore[attr-defined]
        self.fields["to_step"].choices = [("", "Choose…"), *((step.key, step.label) for step in steps)]  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """The earlier step and why; `at_step` says on which handoff."""
        told = self.cleaned_data
        handoff = mine_now(self.seen)[told["at_step"]]
        return {
            **self.reason_words(),
            "handoff": handoff,
            "to_step": told["to_step"],
            "reason_code": told["reason_code"],
        }


def mine_now(seen: SeenCase) -> dict[str, Any]:
    """The handoffs, by step, that the reader holds in hand or is offered."""
    found = {}
    for ball in seen.balls:
        turn = seen.turns.get(ball.step)
        handoff = seen.handoff_of(turn) if turn is not None else None
        if ball.is_mine and handoff is not None:
            found[ball.step] = handoff
    return found


def earlier(seen: SeenCase) -> set[str]:
    """Steps that were done and come before one that is the reader's now."""
    before = {key for step in mine_now(seen) for key in seen.course.plan.before(step)}
    done = {key for key, turn in seen.turns.items() if turn.state == TurnState.DONE and turn.handoff_id is not None}
    return before & done


CASE_FORMS: Mapping[CaseVerb, type[CaseForm]] = {
    CaseVerb.SEND_BACK: SendBackForm,
    CaseVerb.SKIP: SkipForm,
    CaseVerb.REASSIGN: ReassignForm,
    CaseVerb.ADD_STEP: AddStepForm,
    CaseVerb.CANCEL: CancelForm,
}
