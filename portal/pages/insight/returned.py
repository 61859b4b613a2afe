"""Why work came back, as pages say it."""

from typing import Any

from handoffs.insight.figures.asked import Asked
from handoffs.insight.figures.returns import returns_by_reason
from handoffs.insight.words import percent
from handoffs.lifecycle import RETURN_REASONS
from portal.pages.insight import charts

NO_REASON = "No reason was given"


def reason_in_words(code: str) -> str:
    """As whoever returned it chose it."""
    return RETURN_REASONS.get(code, NO_REASON)


def pareto(asked: Asked) -> list[dict[str, Any]]:
    """The reasons, the most frequent first, each with the share of it and of all before."""
    return [
        {
            "words": reason_in_words(each.code),
            "returns": each.returns,
            "share": percent(each.share),
            "so_far": percent(each.so_far),
            "width": round(each.share * charts.BAR),
        }
        for each in returns_by_reason(asked)
    ]
