"""Running cases of older versions: which could go on by the newest one, which could not and why; and moving them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions.cases import Moving, move_cases
from handoffs.models import Case, FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.moving import MoveCasesForm
from portal.pages import cursor
from portal.pages.flows.base import FlowActing

SHOWN = 25  # that many are looked through, and moved, in one request


class MoveCases(FlowActing):
    """A page of cases after another, by their keys: `?after=`. Each is moved wholly or stays, whatever others do."""

    template = "flows/moving.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The dry run."""
        return self.again(self.form(), 200)

    @cached_property
    def to(self) -> FlowVersion:
        """The version to go on by: the newest that is published."""
        if self.published is None:
            raise Http404
        return self.published

    @cached_property
    def page(self) -> list[Case]:
        """The cases of this page, and one more where another page follows."""
        after = cursor.whole(self.request.GET.get("after")) or 0
        return list(self._older.filter(pk__gt=after).order_by("pk")[: SHOWN + 1])

    @property
    def _older(self) -> Any:
        running = Case.objects.running().filter(organization_id=self.member.organization_id)
        return running.filter(flow_version__flow=self.flow).exclude(flow_version=self.to)

    def form(self, *given: Any) -> ActionForm:
        """Which of those shown are moved."""
        return MoveCasesForm(*given[:1], cases=self.page[:SHOWN])

    def act(self, form: ActionForm) -> Sequence[Moving]:
        """The one call."""
        assert isinstance(form, MoveCasesForm)
        return move_cases(self.flow, to=self.to, by=self.member, at=self.now, cases=form.chosen)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """What could be moved, and what could not."""
        shown = self.page[:SHOWN]
        looked = move_cases(self.flow, to=self.to, by=self.member, at=self.now, dry_run=True, cases=shown)
        more = len(self.page) > SHOWN
        return self.show(
            status,
            form=form,
            flow=self.flow,
            to=self.to,
            movable=[each.case for each in looked if each.is_safe],
            staying=[each for each in looked if not each.is_safe],
            older=self._older.count(),
            next=f"?after={shown[-1].pk}" if more else "",
            looked=len(shown),
        )

    def after(self, done: Any) -> HttpResponse:
        """The same page, where what stayed says why."""
        moved = sum(each.is_safe for each in done)
        stayed = len(done) - moved
        told = f"{moved} {'case goes' if moved == 1 else 'cases go'} on by version {self.to.number}."
        told += f" {stayed} stayed as {'it was' if stayed == 1 else 'they were'}." if stayed else ""
        return self.told(told, reverse("flow_move_cases", args=[self.flow.pk]))
