"""The editor of a draft: its steps as a list with the chart beside it, its roles, and what is wrong with it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from handoffs.actions.flows import problems_and_facts, write_flow
from handoffs.flows import editing
from handoffs.flows.facts import Facts
from handoffs.flows.plan import Plan
from handoffs.flows.problems import Problem, errors
from handoffs.flows.versions import plan_of
from handoffs.models import FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.edit import MoveForm, NewStepForm, RoleForm
from portal.pages.base import SeeOther
from portal.pages.flows import telling
from portal.pages.flows.base import FlowActing


class DraftPage(FlowActing):
    """A page that changes the draft: one pure change of its document, then one call to write it."""

    @cached_property
    def version(self) -> FlowVersion:
        """The draft. Published meanwhile, it is that version: to write it is refused, and what was typed stays."""
        version = self.draft or self.published
        if version is None:
            raise Http404
        return version

    @cached_property
    def plan(self) -> Plan:
        """As it is stored."""
        return plan_of(self.version)

    @cached_property
    def judged(self) -> tuple[list[Problem], Facts]:
        """What is wrong with it, and what its names mean."""
        return problems_and_facts(self.version, self.member)

    @property
    def base(self) -> str:
        """What tells the stored draft from what others make of it meanwhile."""
        return editing.fingerprint(self.version.document)

    @property
    def home(self) -> str:
        """The editor."""
        return reverse("flow_edit", args=[self.flow.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; where there is no draft, the flow, from which one is made."""
        if self.draft is None:
            return SeeOther(reverse("flow", args=[self.flow.pk]))
        return self.again(self.form(), 200)

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """The changed document."""
        raise NotImplementedError

    def act(self, form: ActionForm) -> FlowVersion:
        """Writes what `change` made, unless somebody else was faster."""
        base = str(self.request.POST.get("base", ""))[:64] or "unknown"
        return write_flow(version=self.version, document=self.change(form), by=self.member, at=self.now, base=base)


class Edit(DraftPage):
    """The whole draft. What is posted to other addresses comes back here when it is refused."""

    http_method_names = ["get", "head", "options"]
    template = "flows/edit.html"

    def form(self, *given: Any) -> ActionForm:
        """Of the page itself there is none."""
        return ActionForm({})

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """All of it, with the one form that was filled in."""
        problems, _ = self.judged
        addresses = telling.step_addresses(self.flow.pk, self.plan)
        steps = [(step.key, step.label) for step in self.plan.steps]
        role_form = form if isinstance(form, RoleForm) else RoleForm(**RoleForm.people(self.member))
        if self.request.GET.get("focus") == "role":  # one was added just now: perhaps another follows
            role_form.fields["label"].widget.attrs |= {"autofocus": True, "data-focus": True}
        return self.show(
            status,
            flow=self.flow,
            version=self.version,
            base=self.base,
            form=form,
            plan=self.plan,
            drawing=telling.chart(self.plan, addresses),
            lines=telling.lines(self.plan, problems, addresses),
            roles=telling.roles(self.plan),
            problems=telling.told_problems(problems, self.flow.pk, self.plan),
            errors=len(errors(problems)),
            step_form=form if isinstance(form, NewStepForm) else NewStepForm(steps=steps),
            role_form=role_form,
            focus=self.request.GET.get("focus", ""),
        )


class AddStep(Edit):
    """One more step."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> NewStepForm:
        """Its name, its kind, what it comes after."""
        return NewStepForm(*given[:1], steps=[(step.key, step.label) for step in self.plan.steps])

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """With the step."""
        return editing.add_step(self.version.document, **form.words())

    def after(self, done: Any) -> HttpResponse:
        """On to the step that is new."""
        known = set(self.plan.by_key)
        key = next(step["key"] for step in done.document["steps"] if step["key"] not in known)
        return SeeOther(reverse("flow_step", args=[self.flow.pk, key]))


class AddRole(Edit):
    """One more role."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> RoleForm:
        """What it is called, and who plays it."""
        return RoleForm(*given[:1], **RoleForm.people(self.member))

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """With the role."""
        return editing.add_role(self.version.document, **form.words())

    def after(self, done: Any) -> HttpResponse:
        """Back, where another may be added."""
        return SeeOther(f"{self.home}?focus=role")


class Move(Edit):
    """A step further up or down the list."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> MoveForm:
        """Which step, which way."""
        return MoveForm(*given[:1])

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """In another order."""
        return editing.move_step(self.version.document, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """Back to the list with the sentence on top."""
        if form.errors and isinstance(form, MoveForm):
            form.say("Choose a step and a way to move it.")
        return super().again(form, status)

    def after(self, done: Any) -> HttpResponse:
        """Back to the button that was pressed."""
        said = self.request.POST
        focus = urlencode({"focus": f"{said.get('way')}-{said.get('key')}"})
        # No fragment: the browser would look there, and leave the focus at the top.
        return SeeOther(f"{self.home}?{focus}")
