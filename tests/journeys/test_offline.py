"""Without a network: a page that says so, and the way back."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_a_phone_without_a_network_is_told_and_finds_its_way_back(site: Site, desk: Desk) -> None:
    page = desk("ana@fjord.example", service_workers="allow")
    page.goto(site.home)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    expect(page.get_by_role("heading", name="You are offline")).to_have_count(0)
    page.context.set_offline(True)
    page.goto(f"{site.home}sent/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert page.locator(".entrance-card").evaluate("it => getComputedStyle(it).borderRadius") != "0px", "it is dressed"
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(it => caches.open(it)"
        ".then(kept => kept.keys()).then(them => them.map(it => new URL(it.url).pathname)))))"
    )
    assert not [path for each in kept for path in each if path.startswith("/o/")], "nothing of anybody's is kept"
