"""What every page is held to: axe finds nothing in light and in dark, and nothing hangs over the edge."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page

from tests.journeys.conftest import DESK, PHONE

WIDTHS: dict[str, dict[str, Any]] = {"desk": {"viewport": DESK}, "phone": {"viewport": PHONE}}
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Light and dark differ in their colours alone, and a phone has the colours of the desk.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLOUR_RULES}}
SHAPES = {**RULES, "rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}
# Colours glide from one scheme to the other.
_DRAWN = """new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))).then(
    () => Promise.allSettled(document.getAnimations().map(it => it.finished)))"""
_OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults_of(window: Page, name: str) -> list[str]:
    """What is wrong with what this window shows, in the scheme it has and at the desk in dark too, in words."""
    window.evaluate(AXE_SCRIPT)
    on_phone = window.viewport_size == PHONE
    faults = _found(window, name, SHAPES if on_phone else RULES)
    over = window.evaluate(_OVER)
    faults += [f"{name}: hangs {over} px over the edge"] if over > 0 else []
    if on_phone:
        return faults
    window.emulate_media(color_scheme="dark", reduced_motion="reduce")
    window.evaluate(f"{_DRAWN}.then(() => 0)")
    # Chromium may still be half way from one scheme to the other: what is a fault stays one.
    if _found(window, name, COLOURS):
        window.wait_for_timeout(500)
        faults += _found(window, f"{name} in dark", COLOURS)
    window.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def _found(window: Page, name: str, rules: dict[str, Any]) -> list[str]:
    found = window.evaluate("rules => axe.run(rules).then(found => found.violations)", rules)
    return [f"{name}: {it['id']} {it['nodes'][0]['html'][:200]}" for it in found]


def choose(field: Locator, name: str) -> None:
    """Chooses the line of a list that begins so; what follows tells of the hours, which the clock changes."""
    key = field.locator("option", has_text=name).first.get_attribute("value")
    field.select_option(value=key)
