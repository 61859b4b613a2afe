"""What people do with a case in their browsers, in the words of the pages."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.looking import choose

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
Values = Mapping[str, Any]


def launch(
    page: Page,
    site: Site,
    flow: str,
    title: str,
    casting: Mapping[str, str],
    given: Values,
    workspace: str = "Projects",
) -> str:
    """Launches a case from its two pages; the address of the case."""
    page.goto(f"{site.home}cases/new/")
    page.get_by_role("radio", name=flow).check()
    page.get_by_label("In which workspace").select_option(workspace)
    if workspace != "Projects":
        page.get_by_label("Internal steps happen in").select_option("Projects")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Title").fill(title)
    for role, team in casting.items():
        choose(page.get_by_label(role, exact=True), f"{team} (whoever takes it first)")
    fill(page, given)
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


def take(page: Page, site: Site, step: str, title: str) -> None:
    """Opens the step from the inbox and accepts it."""
    page.goto(site.home)
    page.get_by_role("link", name=f"{step}: {title}").first.click()
    page.get_by_role("button", name="Accept handoff").click()
    expect(page.get_by_text("Accepted").first).to_be_visible()


def complete(page: Page, result: Values, then: Values | None = None) -> None:
    """Completes what the page shows, with these values by label.

    What comes next is asked on the same page, or, where it hangs on the result, on a second one (`then`).
    """
    _ready(page, result)
    page.get_by_role("button", name="Complete").click()
    if then is not None:
        expect(page.get_by_label(_named(next(iter(then)))).last).to_be_visible()
        fill(page, then)
        page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed.", exact=True)).to_be_visible()


def complete_at_once(pages: Mapping[Page, Values]) -> None:
    """Several people complete theirs in the same instant: every form is filled before the first is sent."""
    for page, result in pages.items():
        _ready(page, result)
    for page in pages:
        page.get_by_role("button", name="Complete").evaluate("it => { setTimeout(() => it.click(), 400) }")
    for page in pages:
        expect(page.get_by_text("Completed.", exact=True)).to_be_visible()


def _ready(page: Page, result: Values) -> None:
    page.get_by_role("link", name="Complete", exact=True).click()
    fill(page, result)


def attach(page: Page, slot: str, name: str) -> None:
    """Adds a document to the place that the template has for it."""
    here = page.url
    page.goto(f"{here}attach/")
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_label("As").select_option(label=slot)
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("link", name=name).first).to_be_visible()


def tick(page: Page, item: str) -> None:
    """Ticks one thing of the checklist."""
    page.get_by_role("checkbox", name=item).click()
    expect(page.get_by_role("checkbox", name=item)).to_be_checked()


def fill(page: Page, values: Values) -> None:
    """Fills fields by their labels, whatever they are."""
    for label, value in values.items():
        _enter(page.get_by_label(_named(label)).last, value)


def _named(label: str) -> re.Pattern[str]:
    """The label alone, or marked as optional."""
    return re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$")


def _enter(field: Locator, value: Any) -> None:
    kind = field.evaluate("it => it.localName === 'select' ? 'select' : it.type")
    if kind == "select":
        field.select_option(label=value)
    elif kind in ("checkbox", "radio"):
        field.check()
    else:
        field.fill(value)
