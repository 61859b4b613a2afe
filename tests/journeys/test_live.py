"""Two people at their desks: what the other does appears by itself, without a jump, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from handoffs.lifecycle import State
from tenants.scope import scope
from tests.journeys.conftest import Desk, Site
from tests.journeys.looking import choose
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SOON = 20_000
MOVES, ASKED = "A contract that moves by itself", "A contract somebody asks about"


@pytest.fixture(scope="module")
def addresses(site: Site, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> dict[str, str]:
    """A draft of Ana's, and what she has offered to Ben's team."""
    with django_db_blocker.unblock(), scope(site.organization):  # type: ignore[attr-defined]
        world = World(site.organization)
        made = {MOVES: world.handoff(title=MOVES), ASKED: world.handoff(at=State.OFFERED, title=ASKED)}
        return {title: f"{site.home}handoffs/{handoff.reference}/" for title, handoff in made.items()}


def test_each_sees_what_the_other_does_without_reloading(site: Site, desk: Desk, addresses: dict[str, str]) -> None:
    ana, ben = desk("ana@fjord.example"), desk("ben@fjord.example")
    ben.goto(site.home)
    ben.evaluate("window.wasNeverReloaded = true")
    ana.goto(addresses[MOVES])
    ana.get_by_role("link", name="Offer", exact=True).click()
    choose(ana.get_by_label("To", exact=True), "Ben")
    ana.get_by_role("button", name="Offer", exact=True).click()
    expect(ana.get_by_text("Offered to Ben.")).to_be_visible()
    ana.evaluate("window.wasNeverReloaded = true")

    expect(ben.get_by_role("link", name=MOVES)).to_be_visible(timeout=SOON)
    expect(ben.locator("#live")).to_have_text("2 waiting for you")
    assert ben.evaluate("window.wasNeverReloaded")
    ben.get_by_role("link", name=MOVES).click()
    ben.get_by_role("button", name="Accept handoff").click()
    expect(ben.get_by_text("Accepted. You answer for it now.")).to_be_visible()

    expect(ana.get_by_text("Ben answers for this since")).to_be_visible(timeout=SOON)
    expect(ana.locator("#live")).to_contain_text("Ben answers for it")
    assert ana.evaluate("window.wasNeverReloaded")


def test_what_is_being_typed_is_left_alone(desk: Desk, addresses: dict[str, str]) -> None:
    ana, ben = desk("ana@fjord.example"), desk("ben@fjord.example")
    ben.goto(addresses[ASKED])
    ben.get_by_role("link", name="Ask", exact=True).click()
    words = ben.get_by_role("dialog").get_by_role("textbox").first
    words.fill("Who signs for them")
    ana.goto(addresses[ASKED])
    ben.wait_for_timeout(9_000)
    expect(words).to_have_value("Who signs for them")
    ben.get_by_role("dialog").get_by_role("button", name="Ask", exact=True).click()
    expect(ben.get_by_text("Who signs for them").first).to_be_visible()
    expect(ana.get_by_text("Who signs for them").first).to_be_visible(timeout=SOON)
