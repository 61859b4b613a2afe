"""How each state looks: a tone, an icon and a word, as one table. No state is told by colour alone."""

from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()


class Look(NamedTuple):
    """Tone (quiet, accent, warn, danger, good), icon and word of a state."""

    tone: str
    icon: str
    word: "StrPromise"


LOOKS = {
    # The handoff.
    "draft": Look("quiet", "pencil", _("Draft")),
    "offered": Look("accent", "send", _("Offered")),
    "accepted": Look("accent", "check", _("Accepted")),
    "started": Look("accent", "player-play", _("Started")),
    "on_hold": Look("quiet", "player-pause", _("On hold")),
    "completed": Look("good", "circle-check", _("Completed")),
    "returned": Look("quiet", "arrow-back-up", _("Returned")),
    "cancelled": Look("quiet", "ban", _("Cancelled")),
    # The offer, where it has no state of the handoff's name.
    "open": Look("accent", "send", _("Open")),
    "withdrawn": Look("quiet", "arrow-narrow-left", _("Withdrawn")),
    "superseded": Look("quiet", "replace", _("Superseded")),
    # The step of a case, and the case, where they have no state of the handoff's name.
    "to_come": Look("quiet", "circle-dashed", _("To come")),
    "live": Look("accent", "player-play", _("Under way")),
    "done": Look("good", "check", _("Done")),
    "skipped": Look("quiet", "player-skip-forward", _("Skipped")),
    "bypassed": Look("quiet", "arrows-split-2", _("Not needed")),
    "running": Look("accent", "progress", _("Running")),
    # The version of a flow, and the flow, where they have no state of the handoff's name.
    "published": Look("good", "circle-check", _("Published")),
    "retired": Look("quiet", "archive", _("Retired")),
    # What the reader needs to know first.
    "late": Look("danger", "alarm", _("Late")),
    "waiting_for_you": Look("warn", "hourglass", _("Waiting for you")),
}


@register.filter
def look(state: str) -> Look:
    """The look of a state; KeyError for one that has none, so that a new state cannot go unnoticed."""
    return LOOKS[str(state)]


@register.filter
def clock_tone(percent: int) -> str:
    """The tone of a clock by the share of its time that is used: accent, warn from half on, danger when all is gone."""
    return "danger" if percent >= 100 else "warn" if percent >= 50 else "accent"
