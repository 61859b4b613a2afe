"""What the pages say of cases: who is to do what, how the time is told, where things are read on."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from handoffs.insight.balls import Ball
from handoffs.insight.case_time import Share, Side
from portal.templatetags.times import in_words

# After the name of whoever has the ball.
DOING: Mapping[str, str] = {
    "accept": "is asked to accept it",
    "start": "has it and did not start yet",
    "work": "is working on it",
    "hold": "has it on hold",
    "mend": "has it back to mend it",
    "ours": "is at it",
    "elsewhere": "has it, where you may not look",
}
# In the box of a chart, where there is little room.
NOTES: Mapping[str, str] = {
    "accept": "Offered",
    "start": "Accepted",
    "work": "Started",
    "hold": "On hold",
    "mend": "Being mended",
    "wait": "Waits",
    "case": "In another case",
    "ours": "Under way",
    "elsewhere": "Under way",
}
SHARES: Mapping[Share, str] = {
    Share.IN_HANDS: "In hands",
    Share.BETWEEN_HANDS: "Between hands",
    Share.ELSEWHERE: "In another case",
    Share.PAUSED: "Paused",
    Share.IDLE: "Nothing under way",
}


def told(ball: Ball, now: datetime) -> str:
    """What is waited for at a step, as a sentence."""
    if ball.doing == "wait":
        until = f" until {in_words(ball.until, None, now)}" if ball.until else ""
        return f"Nobody has to act{until}."
    if ball.doing == "case":
        return "It goes on in another case."
    team = f" ({ball.team})" if ball.team else ""
    who = "You" if ball.is_mine and not ball.team and ball.doing != "accept" else f"{ball.who}{team}"
    doing = DOING[ball.doing]
    return f"{who} {doing.replace('has', 'have', 1).replace('is ', 'are ', 1) if who == 'You' else doing}."


def link_to(reference: str) -> str:
    """Where a handoff or a case is read; nothing for nothing."""
    if not reference:
        return ""
    return reverse("case" if reference.startswith("CA-") else "handoff", args=[reference])


def side_words(side: Side, *, is_client: bool, ours: str, theirs: str) -> str:
    """On whose side time was spent, as the reader calls it: `ours` the organization, `theirs` a client workspace."""
    words = {Side.OURS: f"with {ours}" if is_client else "with us", Side.BOTH: "with both", Side.NOBODY: ""}
    return words.get(side, "with you" if is_client else f"with {theirs}")
