"""The board of a flow: its running cases in columns by step, with how long each is there; the same as a table."""

from django.http import Http404, HttpRequest, HttpResponse

from handoffs.insight.board import Column, board
from handoffs.insight.case_list import flows_known_to
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
        columns, more = board(flow, self.member, self.now)
        count = len({card.case.pk for column in columns for card in column.cards})
        shown = [{"label": column.label, "cards": self._cards(column)} for column in columns]
        table = request.GET.get("show") == "table"
        return self.show(flow=flow, columns=shown, more=more, count=count, table=table)

    def _cards(self, column: Column) -> list[dict[str, object]]:
        return [{"card": card, "sentence": told(card.ball, self.now)} for card in column.cards]
