"""All flows of the organization, and a new one."""

from typing import Any

from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions.flows import create_flow
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
        """A name and words about it."""
        return NewFlowForm(*given[:1])

    def act(self, form: ActionForm) -> FlowVersion:
        """The one call."""
        return create_flow(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form with what was wrong."""
        return self.show(status, form=form)

    def after(self, done: Any) -> HttpResponse:
        """On to the editor."""
        return self.told("The flow is there as a draft.", reverse("flow_edit", args=[done.flow_id]))
