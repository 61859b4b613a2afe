"""Hands that have a keyboard and nothing else."""

from playwright.sync_api import Locator, Page


def reach(page: Page, goal: Locator) -> None:
    """Tab by Tab, until the focus is there."""
    for _ in range(150):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {goal}.")


def fill(page: Page, label: str, text: str, within: Locator | None = None) -> None:
    """Types into a field, or chooses of a list what begins so."""
    field = (within or page.locator("main")).get_by_label(label, exact=True)
    reach(page, field)
    if field.evaluate("element => element.tagName") == "INPUT":
        page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page: Page, name: str, within: Locator | None = None) -> None:
    """Enter on a button or a link."""
    place = within or page.locator("main")
    reach(
        page, place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True))
    )
    with page.expect_navigation():
        page.keyboard.press("Enter")
