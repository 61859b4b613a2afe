"""People and teams in few letters."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.drawing import drawn

register = template.Library()


@register.filter
def initials(who: Any) -> str:
    """Two letters for a member, a team or a name: of the first and last word, or the first two of the only one."""
    words = str(getattr(who, "name", who) or "").replace("-", " ").split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "?"


@register.simple_tag
def avatar(who: Any, kind: str = "") -> SafeString:
    """components/avatar.html, for lists."""
    return drawn("components/avatar.html", who=str(getattr(who, "name", who) or ""), kind=kind)
