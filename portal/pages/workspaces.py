"""One workspace: its handoffs as far as the reader may see them; a client's begins with who has the ball."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from handoffs.lifecycle import State
from handoffs.models import Handoff
from portal.pages import cursor
from portal.pages.base import Page
from portal.pages.client_home import ClientHome
from portal.pages.rows import Rows, page_of
from tenants.access import Permission, workspaces_for
from tenants.models import Workspace, WorkspaceKind

SHOWN = 25


class WorkspacePage(Page):
    """The list, by state if one is chosen, in pages; of a client's workspace its home, until a list is asked for."""

    template = "workspaces/workspace.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`?state=` filters, `?before=` pages."""
        workspace = workspaces_for(self.member, Permission.VIEW).filter(id=pk).first()
        if workspace is None:
            raise Http404
        handoffs = Handoff.objects.reachable_by(self.member).filter(workspace=workspace)
        if workspace.kind == WorkspaceKind.CLIENT and not request.GET.keys() & {"state", "before"}:
            return self._home(workspace, handoffs)
        state = request.GET.get("state", "")
        chosen = State(state) if state in set(State) else None
        if chosen is not None:
            handoffs = handoffs.filter(state=chosen)
        before = cursor.whole(request.GET.get("before"))
        if before is not None:
            handoffs = handoffs.filter(id__lt=before)
        page = page_of(handoffs.order_by("-id"), SHOWN + 1)
        rows = Rows(self.now, page)
        older = {"state": chosen, "before": page[SHOWN - 1].id} if len(page) > SHOWN else {}
        return self.show(
            workspace=workspace,
            rows=[rows.any(handoff) for handoff in page[:SHOWN]],
            states=_states(chosen),
            chosen=chosen,
            older=f"?{urlencode({key: value for key, value in older.items() if value})}" if older else "",
            here=reverse("workspace", args=[pk]),
            may_send=self._may_send(workspace),
        )

    def _home(self, workspace: Workspace, handoffs: QuerySet[Handoff]) -> HttpResponse:
        """The home of a client, with the way to the whole list."""
        self.template = "workspaces/client.html"
        return self.show(
            workspace=workspace,
            home=ClientHome(workspace, self.member, self.now, handoffs),
            states=_states(None),
            here=reverse("workspace", args=[workspace.pk]),
            may_send=self._may_send(workspace),
        )

    def _may_send(self, workspace: Workspace) -> bool:
        return workspaces_for(self.member, Permission.SEND).filter(id=workspace.pk, closed_at=None).exists()


def _states(chosen: State | None) -> list[dict[str, object]]:
    return [{"key": key.value, "word": key.label, "chosen": key is chosen} for key in State]
