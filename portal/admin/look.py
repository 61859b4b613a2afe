"""How the admin looks: Handrail's name, the organization's hue, and the way around."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse

from portal import hues

# Lightness and share of the accent's chroma, from the palest to the darkest shade.
SHADES: Mapping[str, tuple[float, float]] = {
    "50": (0.977, 0.07),
    "100": (0.946, 0.16),
    "200": (0.902, 0.32),
    "300": (0.827, 0.6),
    "400": (0.74, 0.85),
    "500": (0.6, 1.0),
    "600": (0.5, 1.0),
    "700": (0.45, 0.95),
    "800": (0.39, 0.8),
    "900": (0.34, 0.65),
    "950": (0.26, 0.5),
}


PLAIN = "#1c5bd6"  # the colour of the mark where no organization gives it a hue


class Place(NamedTuple):
    """One section of the admin: its list, its icon, and what one does there."""

    name: str
    title: str
    icon: str
    words: str


PLACES: Mapping[str, tuple[Place, ...]] = {
    "Work": (
        Place("handoffs_handoff", "Handoffs", "sync_alt", "Every handoff you can see, and who answers for it."),
        Place(
            "handoffs_handofftemplate", "Templates", "fact_check", "What each kind of handoff must carry, and how fast."
        ),
        Place("handoffs_flow", "Flows", "account_tree", "Processes: which handoffs follow each other, and on what."),
        Place("handoffs_case", "Cases", "route", "Every case you can see: its turns, and what happened to it."),
        Place("handoffs_ladder", "Ladders", "alarm", "Whom an alarm tells when a promise is about to break."),
    ),
    "Organization": (
        Place("tenants_workspace", "Workspaces", "workspaces", "Where handoffs live, and who may do what there."),
        Place("tenants_team", "Teams", "groups", "Who receives work together, who leads, who stands in."),
        Place("tenants_member", "Members", "person", "Who is here, in which role."),
        Place("tenants_invitation", "Invitations", "mail", "Places that wait for somebody."),
        Place("tenants_calendar", "Calendars", "calendar_month", "When teams work: hours, holidays, special days."),
        Place("tenants_token", "API tokens", "key", "Keys with which integrations act."),
        Place("background", "Background work", "monitor_heart", "Whether alarms and messages go out, and what failed."),
    ),
}


def icon(request: HttpRequest) -> str:
    """Handrail's mark in the organization's hue, as an address that is its own picture."""
    drawing = _mark().replace(PLAIN, primary(request)["600"])
    return f"data:image/svg+xml,{quote(drawing)}"


@cache
def _mark() -> str:
    return (Path(__file__).parents[1] / "static" / "handrail" / "icon.svg").read_text()


def stylesheet(request: HttpRequest) -> str:
    """The address of the few rules the theme lacks."""
    return static("handrail/css/admin.css")


def script(request: HttpRequest) -> str:
    """The address of the few lines the theme lacks."""
    return static("handrail/js/admin.js")


def organization_name(request: HttpRequest) -> str:
    """Below Handrail's name: whose admin this is."""
    organization = getattr(request, "organization", None)
    return organization.name if organization else ""


def primary(request: HttpRequest) -> dict[str, str]:
    """The shades of the organization's accent."""
    hue = hues.nearest(getattr(getattr(request, "organization", None), "hue", hues.DEFAULT))
    chroma = hues.strongest(hues.LIGHT, hue, hues.LIGHT_CHROMA)
    return {shade: f"oklch({lightness:.3f} {chroma * share:.3f} {hue})" for shade, (lightness, share) in SHADES.items()}


def portal(request: HttpRequest) -> str:
    """The inbox of the organization this admin belongs to."""
    return get_script_prefix()


def item(place: Place) -> dict[str, Any]:
    """One section as the sidebar and the first page show it."""
    return {"title": place.title, "icon": place.icon, "link": address(place), "words": place.words}


def address(place: Place) -> str:
    """The list of one section."""
    return reverse(f"admin:{place.name}_changelist")
