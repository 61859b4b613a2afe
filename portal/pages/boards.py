"""The board of a flow: its running cases in columns by step, with how long each is there; the same as a table."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from handoffs.insight.board import Column, board
from handoffs.insight.case_list import flows_known_to
from handoffs.models import CaseState, Flow
from portal.pages.base import Page
from portal.pages.case_words import told


class Board(Page):
    """`?show=table` shows the table."""

    template = "cases/board.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The columns, or the table; 404 for a flow that the reader does not know of."""
        flow = flows_known_to(self.member).filter(id=pk).first() if pk < 2**63 else None
        if flow is None:
            raise Http404
        found = board(flow, self.member, self.now)
        shown = [
            {"label": each.label, "cards": self._cards(each), "count": each.count, "all": self._all(flow, each)}
            for each in found.columns
        ]
        table = request.GET.get("show") == "table"
        return self.show(flow=flow, columns=shown, board=found, table=table, all=self._all(flow))

    def _all(self, flow: Flow, column: Column | None = None) -> str:
        """The list of every running case: of this flow, or at this step where more are than are shown."""
        if column is not None and (column.count <= len(column.cards) or not column.step):
            return ""
        asked = {"state": CaseState.RUNNING.value, "flow": str(flow.pk)} | ({"step": column.step} if column else {})
        return f"{reverse('cases')}?{urlencode(asked)}"

    def _cards(self, column: Column) -> list[dict[str, object]]:
        return [{"card": card, "sentence": told(card.ball, self.now)} for card in column.cards]
