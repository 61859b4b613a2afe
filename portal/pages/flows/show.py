"""One flow to be read, and what is done to it as a whole: rename, revise, publish, retire."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions.flows import publish_flow, retire_flow, revise_flow, update_flow
from handoffs.flows.versions import plan_of
from handoffs.models import Case, FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.new import FlowNameForm
from portal.pages.flows import telling
from portal.pages.flows.base import FlowActing, FlowPage, may_change


class ShowFlow(FlowPage):
    """The published version, else the draft; `versions/<number>/` shows another."""

    template = "flows/flow.html"

    def get(self, request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
        """Chart, roles, steps, versions."""
        version = self._chosen(number)
        plan = plan_of(version)
        return self.show(
            flow=self.flow,
            version=version,
            newest=version == (self.published or self.draft),
            draft=self.draft,
            versions=[(each, each == version) for each in self.versions],
            plan=plan,
            drawing=telling.chart(plan),
            lines=telling.lines(plan),
            roles=telling.roles(plan),
            may_change=may_change(self.member),
            **self._running(),
        )

    def _running(self) -> dict[str, int]:
        """How many cases of it the reader sees running, and how many of those by other versions than the one in use."""
        cases = Case.objects.reachable_by(self.member).running().filter(flow_version__flow=self.flow).order_by()
        newest = Q(flow_version=self.published) if self.published else Q(flow_version__isnull=False)
        return cases.aggregate(running=Count("id"), older=Count("id", filter=~newest))

    def _chosen(self, number: int | None) -> FlowVersion:
        if number is None:
            chosen = self.published or self.draft
        else:
            chosen = next((version for version in self.versions if version.number == number), None)
        if chosen is None:
            raise Http404
        return chosen


class Rename(FlowActing):
    """What people choose it by."""

    template = "flows/rename.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, as it is called now."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> FlowNameForm:
        """Its name, and what it is for."""
        initial = {"name": self.flow.name, "description": self.flow.description}
        return FlowNameForm(given[0] if given else None, initial=initial)

    def act(self, form: ActionForm) -> Any:
        """The one call."""
        return update_flow(flow=self.flow, by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form with what was wrong."""
        return self.show(status, flow=self.flow, form=form)

    def after(self, done: Any) -> HttpResponse:
        """Back to the flow."""
        return self.told(f"It is called “{done.name}” from now on.", reverse("flow", args=[self.flow.pk]))


class Deed(FlowActing):
    """One button of a flow."""

    http_method_names = ["post", "options"]
    template = "flows/refused.html"

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """Why not, and the way back."""
        problems = (form.refusal.details.get("problems") or []) if form.refusal else []
        missing = [problem["sentence"] for problem in problems]
        return self.show(status, flow=self.flow, form=form, missing=missing)


class Revise(Deed):
    """Opens the next draft."""

    def act(self, form: ActionForm) -> FlowVersion:
        """The one call."""
        return revise_flow(flow=self.flow, by=self.member, at=self.now)

    def after(self, done: Any) -> HttpResponse:
        """On to the editor."""
        return self.told(f"This is the draft of version {done.number}.", reverse("flow_edit", args=[self.flow.pk]))


class Publish(Deed):
    """Freezes the draft, as it was looked at: the editor says in `base` which document that was."""

    def act(self, form: ActionForm) -> FlowVersion:
        """The one call; the version that is already published says so again."""
        version = self.draft or self.published
        if version is None:
            raise Http404
        base = str(self.request.POST.get("base", ""))[:64]
        return publish_flow(version=version, by=self.member, at=self.now, base=base)

    def after(self, done: Any) -> HttpResponse:
        """On to what everybody sees now."""
        sentence = f"Version {done.number} is published. New cases run by it; running ones keep their own."
        return self.told(sentence, reverse("flow", args=[self.flow.pk]))


class Retire(Deed):
    """Retires the flow, or brings it back."""

    retired = True

    def act(self, form: ActionForm) -> Any:
        """The one call."""
        return retire_flow(flow=self.flow, by=self.member, at=self.now, retired=self.retired)

    def after(self, done: Any) -> HttpResponse:
        """Back to the flow."""
        sentence = "Retired: no new case begins, running ones go on." if self.retired else "It may be used again."
        return self.told(sentence, reverse("flow", args=[self.flow.pk]))
