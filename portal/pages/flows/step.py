"""One step of a draft, and one role: changed or removed."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.flows import editing
from handoffs.flows.document import written
from handoffs.flows.plan import Plan
from handoffs.models import FlowVersion, TemplateVersion
from portal.forms.base import ActionForm
from portal.forms.flows.edit import ChangeRoleForm, RoleForm
from portal.forms.flows.known import Known
from portal.forms.flows.step import StepForm
from portal.pages.flows import telling
from portal.pages.flows.edit import DraftPage

MOST = 500  # names to choose from


class StepPage(DraftPage):
    """Everything about one step."""

    template = "flows/step.html"

    @property
    def key(self) -> str:
        """The step in the address."""
        return str(self.kwargs["key"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a step that is not there."""
        if self.draft is not None and self.key not in self.plan.by_key:
            raise Http404
        return super().get(request)

    @cached_property
    def known(self) -> Known:
        """What may be named in it."""
        return Known(self.plan, self.judged[1], self.key)

    def form(self, *given: Any) -> ActionForm:
        """As it is stored, or as it was sent."""
        here = {"organization_id": self.member.organization_id}
        templates = TemplateVersion.objects.current().filter(**here).values_list("template__name", flat=True)[:MOST]
        flows = FlowVersion.objects.current().filter(**here).values_list("flow__name", flat=True)[:MOST]
        named = [[(name, name) for name in sorted(names, key=str.casefold)] for names in (templates, flows)]
        return StepForm(*given[:1], known=self.known, templates=named[0], flows=named[1])

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """With the step as it was filled in."""
        return editing.change_step(self.version.document, self.key, form.words()["step"])

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form, what is wrong with the step as it is stored, and what its conditions may look at."""
        assert isinstance(form, StepForm)
        problems, _ = self.judged
        told = telling.told_problems(problems, self.flow.pk, self.plan)
        here = reverse("flow_step", args=[self.flow.pk, self.key])
        return self.show(
            status,
            flow=self.flow,
            version=self.version,
            base=self.base,
            form=form,
            step=self.known.step,
            kind=telling.KINDS[self.known.step.kind],
            fields=self.known.for_conditions,
            problems=[each for each in told if each.address.partition("#")[0] == here] if not form.is_bound else [],
            home=self.home,
        )

    def after(self, done: Any) -> HttpResponse:
        """Back to the editor; where it asks for other things now, to those."""
        key = self.request.POST.get("key", self.key)
        step = next(step for step in done.document["steps"] if step["key"] == key)
        before: dict[str, Any] = next(iter(written(Plan((), (self.known.step,)))["steps"]))
        asks_anew = any(step.get(name) != before.get(name) for name in ("kind", "template", "flow"))
        if asks_anew or "stay" in self.request.POST:
            return self.told(
                "Saved. The fields below are those of now.", reverse("flow_step", args=[self.flow.pk, key])
            )
        return self.told(f"“{step['label']}” is saved.", f"{self.home}#step-{key}")


class RemoveStep(StepPage):
    """Takes the step out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a step that is not there."""
        if self.key not in self.plan.by_key:
            raise Http404
        return super().post(request)

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """Without it."""
        return editing.remove_step(self.version.document, self.key)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The step as it is stored, with the sentence on top."""
        shown = super().form()
        shown.refusal, shown.missing = form.refusal, form.missing
        return super().again(shown, status)

    def after(self, done: Any) -> HttpResponse:
        """Back to the editor."""
        return self.told(f"“{self.known.step.label}” is removed.", self.home)


class RolePage(DraftPage):
    """Everything about one role."""

    template = "flows/role.html"

    @property
    def key(self) -> str:
        """The role in the address."""
        return str(self.kwargs["key"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a role that is not there."""
        if self.draft is not None and self.key not in self.plan.roles_by_key:
            raise Http404
        return super().get(request)

    def form(self, *given: Any) -> ActionForm:
        """As it is stored, or as it was sent."""
        role = self.plan.roles_by_key.get(self.key)
        stored = {name: getattr(role, name) for name in ("key", "label", "team", "member")} if role else {}
        return ChangeRoleForm(*given[:1], **RoleForm.people(self.member), initial=stored, auto_id="id_%s")

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """With the role as it was filled in."""
        return editing.change_role(
            self.version.document, self.key, {name: value for name, value in form.words().items() if value}
        )

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form, and what is wrong with the role as it is stored."""
        told = telling.told_problems(self.judged[0], self.flow.pk, self.plan)
        here = reverse("flow_role", args=[self.flow.pk, self.key])
        role = self.plan.roles_by_key.get(self.key)
        problems = [each for each in told if each.address.partition("#")[0] == here] if not form.is_bound else []
        facts = {"role": role, "key": self.key, "problems": problems, "home": self.home}
        return self.show(status, flow=self.flow, version=self.version, base=self.base, form=form, **facts)

    def after(self, done: Any) -> HttpResponse:
        """Back to the editor."""
        return self.told(f"“{self.request.POST.get('label', '').strip()}” is saved.", f"{self.home}#roles")


class RemoveRole(RolePage):
    """Takes the role out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a role that is not there."""
        if self.key not in self.plan.roles_by_key:
            raise Http404
        return super().post(request)

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def change(self, form: ActionForm) -> Mapping[str, Any]:
        """Without it."""
        return editing.remove_role(self.version.document, self.key)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The role as it is stored, with the sentence on top."""
        shown = super().form()
        shown.refusal, shown.missing = form.refusal, form.missing
        return super().again(shown, status)

    def after(self, done: Any) -> HttpResponse:
        """Back to the editor."""
        return self.told(f"“{self.plan.roles_by_key[self.key].label}” is removed.", f"{self.home}#roles")
