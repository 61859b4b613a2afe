"""One's own figures: what one took, what one handed over, and how long either took. Only one's own."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateformat import format as format_date

from handoffs.insight.figures.own import Own, given_by, taken_by
from handoffs.insight.words import by_when, percent
from portal.pages.base import Page
from portal.pages.insight import charts
from portal.pages.insight.asking import Asking


class Mine(Page):
    """Both sides, over the weeks in the address."""

    template = "insight/mine.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Whoever looks sees themselves: there is no address for anybody else."""
        asking = Asking(self.member, request.GET, self.now)
        # What is one's own is told, also where one may not look any more.
        asked = replace(asking.asked, workspaces=None)
        sides = [
            _side("You took", taken_by(self.member, asked, self.now), taken=True),
            _side("You handed over", given_by(self.member, asked, self.now), taken=False),
        ]
        shown = [each for each in asking.filters() if each.name == "weeks"]
        return self.show(asking=asking, sides=sides, filters=shown, back=asking.address())


def _side(title: str, own: Own, *, taken: bool) -> dict[str, Any]:
    half, most = (by_when(own.accepting, share) for share in (0.5, 0.85))
    facts = [
        ("Offers", str(own.offers), "accepted by you" if taken else f"{own.answered} of them answered"),
        ("Half accepted within", half, f"85 % within {most}"),
        ("Answered in time", percent(own.share(own.in_time)), ""),
        ("Half in hand for", by_when(own.in_hand, 0.5), "in working hours"),
        ("Came back", percent(own.share(own.returned)), f"{own.returned} of {own.answered}"),
        ("Clean at first sight", percent(own.share(own.clean)), f"{own.questions} questions"),
    ]
    weeks = [charts.Value(_day(week), n, f"Week of {_day(week)}: {n}") for week, n in own.weeks]
    return {
        "title": title,
        "offers": own.offers,
        "facts": facts,
        "chart": charts.columns(f"{title}: offers by week", weeks) if weeks else None,
        "rows": [(value.label, n) for value, (_, n) in zip(weeks, own.weeks, strict=True)],
    }


def _day(day: Any) -> str:
    return format_date(day, "j M")
