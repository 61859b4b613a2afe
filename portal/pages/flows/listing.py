"""All flows of the organization, and a new one."""

from typing import Any

from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions.flows import create_flow, install_starters
from handoffs.flows.starters import STARTERS
from handoffs.models import Case, Flow, FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.new import NewFlowForm
from portal.pages import cursor
from portal.pages.base import ActingPage
from portal.pages.flows.base import FlowsPage, may_change

SHOWN = 50


class FlowList(FlowsPage):
    """By name, retired ones last, each with its versions and the cases that run by it."""

    template = "flows/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """`?page=` pages."""
        number = min(cursor.whole(request.GET.get("page")) or 1, 10_000)
        first = (number - 1) * SHOWN
        published = Max("versions__number", filter=Q(versions__published_at__isnull=False))
        draft = Max("versions__number", filter=Q(versions__published_at__isnull=True))
        flows = (
            Flow.objects.filter(organization_id=self.member.organization_id)
            .annotate(published_number=published, draft_number=draft)
            .order_by(F("retired_at").asc(nulls_first=True), "name")[first : first + SHOWN + 1]
        )
        rows = list(flows)
        running = self._running(rows)
        return self.show(
            rows=[(flow, running.get(flow.pk, 0)) for flow in rows[:SHOWN]],
            newer=f"?page={number - 1}" if number > 1 else "",
            older=f"?page={number + 1}" if len(rows) > SHOWN else "",
            may_change=may_change(self.member),
        )

    def _running(self, flows: list[Any]) -> dict[int, int]:
        """How many cases the reader may see run by each."""
        cases = Case.objects.reachable_by(self.member).running().filter(flow_version__flow__in=flows)
        counted = cases.values_list("flow_version__flow").annotate(count=Count("id")).order_by()
        return dict(counted)


class NewFlow(FlowsPage, ActingPage):
    """A name, and what it begins with."""

    changes = True
    template = "flows/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> NewFlowForm:
        """A ready flow that is not here yet, or a name and words about it."""
        here = Flow.objects.filter(organization_id=self.member.organization_id)
        present = set(here.exclude(starter="").values_list("starter", flat=True))
        return NewFlowForm(*given[:1], starters=[each for each in STARTERS if each.key not in present])

    def act(self, form: ActionForm) -> FlowVersion | None:
        """The one call; None for a ready flow that somebody else made in this instant."""
        assert isinstance(form, NewFlowForm)
        if form.starter is not None:
            return next(iter(install_starters(by=self.member, at=self.now, starters=[form.starter])), None)
        said = form.cleaned_data
        return create_flow(by=self.member, at=self.now, name=said["name"], description=said["description"])

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form with what was wrong."""
        return self.show(status, form=form)

    def after(self, done: Any) -> HttpResponse:
        """On to the editor; a ready flow is published already."""
        if done is None or done.is_frozen:
            address = reverse("flow", args=[done.flow_id]) if done else reverse("flows")
            return self.told("The flow is there, published and ready to begin cases with.", address)
        return self.told("The flow is there as a draft.", reverse("flow_edit", args=[done.flow_id]))
