"""People and teams in few letters."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def initials(who: Any) -> str:
    """Two letters for a member, a team or a name: of the first and last word, or the first two of the only one."""
    words = str(getattr(who, "name", who) or "").replace("-", " ").split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "?"
