"""What scripts add: a verb's form opens over its handoff, and a tick changes the page without losing one's place."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handoffs import actions
from handoffs.lifecycle import State
from tenants.scope import scope
from tests.journeys.conftest import Desk, Site
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def scene(site: Site, django_db_blocker: Any) -> dict[str, str]:
    """A draft with a checklist, and an offer that waits for Ben."""
    with django_db_blocker.unblock(), scope(site.organization):
        world = World(site.organization)
        draft = world.handoff(template=world.template("on_call"), title="Night shift to day shift")
        offer = world.handoff(at=State.OFFERED, title="Keys of the office")
        actions.note(offer, by=world.ana, at=world.later(minutes=1), body="In the drawer")
    return {"draft": f"{site.home}handoffs/{draft.reference}/", "offer": f"{site.home}handoffs/{offer.reference}/"}


@pytest.fixture
def faults() -> list[str]:
    return []


def watched(page: Page, faults: list[str]) -> Page:
    """Collects what the browser complains about, such as a breach of the Content-Security-Policy."""
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def test_a_tick_keeps_ones_place(scene: dict[str, str], desk: Desk, faults: list[str]) -> None:
    page = watched(desk("ana@fjord.example"), faults)
    page.goto(scene["draft"])
    item = page.get_by_role("checkbox", name="Pager tested")
    expect(page.get_by_role("link", name="Tick “Pager tested”.")).to_be_visible()
    item.focus()
    page.keyboard.press("Space")
    expect(item).to_be_checked()
    expect(item).to_be_focused()
    expect(page.get_by_role("link", name="Tick “Pager tested”.")).to_have_count(0)
    assert page.url == scene["draft"]
    item.click()
    expect(item).not_to_be_checked()
    assert not faults


def test_a_handoff_is_shared_and_taken_back_over_its_page(scene: dict[str, str], desk: Desk, faults: list[str]) -> None:
    page = watched(desk("ana@fjord.example"), faults)
    page.goto(scene["draft"])
    page.get_by_role("link", name="Share with…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Share with").select_option(label="Nils")
    dialog.get_by_role("button", name="Share").click()
    shared = page.locator("#sharing")
    expect(shared.get_by_text("Nils", exact=True)).to_be_visible()
    expect(page.get_by_text("Ana shared this with Nils")).to_be_visible()
    shared.get_by_role("button", name="Stop sharing with Nils").click()
    expect(shared.get_by_text("it is shared with nobody else")).to_be_visible()
    assert not faults


def test_a_form_opens_over_its_handoff_and_falls_back_to_its_page(
    scene: dict[str, str], desk: Desk, faults: list[str]
) -> None:
    page = watched(desk("ben@fjord.example"), faults)
    page.goto(scene["offer"])
    page.get_by_role("link", name="Return", exact=True).click()
    dialog = page.get_by_role("dialog", name="Return")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Return", exact=True).click()
    dialog.get_by_label("What has to change").fill("Which drawer?")
    dialog.get_by_role("button", name="Return", exact=True).click()
    page.wait_for_url("**/return/")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("What has to change")).to_have_value("Which drawer?")
    page.go_back()
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Add note").click()
    dialog = page.get_by_role("dialog", name="Add note")
    dialog.get_by_label("Note").fill("The upper one")
    dialog.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("The upper one")).to_be_visible()
    assert [fault for fault in faults if "422" not in fault] == []


def test_looking_tells_the_sender(scene: dict[str, str], desk: Desk) -> None:
    ben, ana = desk("ben@fjord.example"), desk("ana@fjord.example")
    ben.goto(scene["offer"])
    ben.wait_for_load_state("networkidle")
    ana.goto(scene["offer"])
    expect(ana.get_by_text("Seen by Ben")).to_be_visible()


def test_several_documents_are_dropped_at_once_and_one_that_is_refused_says_why(
    scene: dict[str, str], desk: Desk
) -> None:
    ben = desk("ben@fjord.example")
    ben.goto(scene["offer"])
    files = ben.evaluate_handle(
        """() => {
            const held = new DataTransfer();
            for (const [name, words] of [["one.txt", "One"], ["two.txt", "Two"], ["none.txt", ""]])
                held.items.add(new File([words], name, { type: "text/plain" }));
            return held;
        }"""
    )
    card = ben.locator("#documents")
    card.dispatch_event("dragover", {"dataTransfer": files})
    expect(card).to_have_attribute("data-over", "")
    card.dispatch_event("drop", {"dataTransfer": files})
    expect(ben.get_by_text("two.txt: attached.")).to_be_visible()
    expect(ben.get_by_text("none.txt: This file is empty.")).to_be_visible()
    for name in ("one.txt", "two.txt"):
        expect(card.get_by_role("link", name=name)).to_be_visible()
    ben.get_by_role("button", name="Close").last.click()
    expect(ben.locator("#uploads")).to_be_hidden()
