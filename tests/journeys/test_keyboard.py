"""By keyboard alone: coming in and accepting, writing and offering, asking and returning, completing.

The journeys of the flow editor are two more.
"""

import pytest
from playwright.sync_api import Page, expect

from handoffs import actions
from handoffs.lifecycle import State
from tenants.scope import scope
from tests.journeys.conftest import PASSWORD, Desk, Site
from tests.journeys.keys import fill, press, reach
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TO_ACCEPT, TO_RETURN, TO_COMPLETE = "Taken by keyboard", "Returned by keyboard", "Completed by keyboard"


@pytest.fixture(scope="module")
def addresses(site: Site, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> dict[str, str]:
    """What Ana has offered to Ben's team, and what Ben holds."""
    with django_db_blocker.unblock(), scope(site.organization):  # type: ignore[attr-defined]
        world = World(site.organization)
        made = {title: world.handoff(at=State.OFFERED, title=title) for title in (TO_ACCEPT, TO_RETURN)}
        given = {"title": TO_COMPLETE, "template": world.template("approval"), "context": {"subject": "A new van"}}
        held = actions.draft(world.projects, by=world.ana, at=world.now, **given)
        held = actions.offer(held, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
        made[TO_COMPLETE] = actions.accept(held, by=world.ben, at=world.now)
        return {title: f"{site.home}handoffs/{handoff.reference}/" for title, handoff in made.items()}


def open_dialog(page: Page, name: str) -> None:
    """Enter on a verb that needs words: its form opens over the handoff and has the focus."""
    reach(page, page.locator("main").get_by_role("link", name=name, exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")


def test_coming_in_and_accepting(site: Site, desk: Desk, addresses: dict[str, str]) -> None:
    page = desk()
    page.goto(f"{site.home}")
    for label, text in (("Email", "ben@fjord.example"), ("Password", PASSWORD)):
        reach(page, page.get_by_label(label))
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("link", name=TO_ACCEPT).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "Accept handoff")
    expect(page.get_by_text("Ben answers for this since")).to_be_visible()


def test_writing_and_offering(site: Site, desk: Desk, addresses: dict[str, str]) -> None:
    page = desk("ana@fjord.example")
    page.goto(f"{site.home}handoffs/new/")
    fill(page, "In which workspace", "Projects")
    reach(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowUp")  # the last of them, without a template
    expect(page.get_by_role("radio", name="Without a template")).to_be_checked()
    press(page, "Go on")
    fill(page, "Title", "Written by keyboard")
    press(page, "Keep as a draft")
    open_dialog(page, "Offer")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    open_dialog(page, "Offer")
    dialog = page.get_by_role("dialog")
    reach(page, dialog.get_by_label("To", exact=True))
    page.keyboard.type("Onboarding")
    press(page, "Offer", dialog)
    expect(page.get_by_text("You answer for it until they accept.")).to_be_visible()


def test_asking_and_returning(desk: Desk, addresses: dict[str, str]) -> None:
    page = desk("ben@fjord.example")
    page.goto(addresses[TO_RETURN])
    for verb, words in (("Ask", "Who signs?"), ("Return", "Nobody signs")):
        open_dialog(page, verb)
        dialog = page.get_by_role("dialog")
        if verb == "Return":
            reach(page, dialog.get_by_label("What kind of reason"))
            page.keyboard.type("Something is missing")
        reach(page, dialog.get_by_role("textbox").first)
        page.keyboard.type(words)
        press(page, verb, dialog)
    expect(page.get_by_text("Returned with your reason.")).to_be_visible()


def test_completing(desk: Desk, addresses: dict[str, str]) -> None:
    page = desk("ben@fjord.example")
    page.goto(addresses[TO_COMPLETE])
    open_dialog(page, "Complete")
    dialog = page.get_by_role("dialog")
    press(page, "Complete", dialog)
    expect(page.get_by_role("alert")).to_be_focused()
    reach(page, page.get_by_label("Decision"))
    page.keyboard.type("Approved")
    reach(page, page.get_by_label("Grounds"))
    page.keyboard.type("The old one is done for")
    press(page, "Complete")
    expect(page.get_by_text("Completed.", exact=True)).to_be_visible()
