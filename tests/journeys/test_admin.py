"""The admin in a browser: its scripts run under the content policy, and a save does what the form says."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tenants.models import User
from tests.journeys.conftest import PHONE, SLUG, Desk, Site, may_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OWNER = f"olga@{SLUG}.example"


@pytest.fixture(scope="module")
def owner(site: Site, django_db_blocker: Any) -> str:
    """The owner's address, with a password to sign in by."""
    with django_db_blocker.unblock():
        user = User.objects.get(email=OWNER)
        may_sign_in(user)
    return OWNER


@pytest.fixture(scope="module")
def lead(site: Site, django_db_blocker: Any) -> str:
    """The address of somebody who leads a team and does not run the organization."""
    with django_db_blocker.unblock():
        user = User.objects.get(email="lea@fjord.example")
        may_sign_in(user)
    return user.email


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about."""
    return []


def _listen(page: Page, complaints: list[str]) -> Page:
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in ("error", "warning") and "Playwright" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def test_a_member_is_found_and_added(site: Site, desk: Desk, owner: str, complaints: list[str]) -> None:
    page = _listen(desk(owner), complaints)
    page.goto(f"{site.home}admin/")
    page.locator("#nav-sidebar-inner").get_by_role("link", name="Teams").click()
    page.get_by_role("link", name="Support", exact=True).first.click()
    page.get_by_role("link", name="Add another Member").click()
    page.locator("#memberships-group .select2-selection:visible").first.click()
    page.locator(".select2-search__field").fill("nil")
    page.get_by_role("option", name="Nils").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("was changed successfully"))).to_be_visible()
    page.get_by_role("link", name="Support", exact=True).first.click()
    expect(page.locator("#memberships-group").get_by_role("link", name="Nils")).to_be_visible()
    assert complaints == []


def test_a_lead_finds_the_way_in_and_adds_to_their_team(
    site: Site, desk: Desk, lead: str, complaints: list[str]
) -> None:
    page = _listen(desk(lead), complaints)
    page.goto(site.home)
    page.get_by_role("button", name="Lea").click()
    page.get_by_role("link", name="Administration").click()
    sidebar = page.locator("#nav-sidebar-inner")
    expect(sidebar.get_by_role("link", name="Workspaces")).to_have_count(0)
    sidebar.get_by_role("link", name="Teams").click()
    page.get_by_role("link", name="Onboarding", exact=True).click()
    page.get_by_role("link", name="Add another Member").click()
    page.locator("#memberships-group .select2-selection:visible").first.click()
    page.locator(".select2-search__field").fill("su")
    page.get_by_role("option", name="Sue").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("was changed successfully"))).to_be_visible()
    page.get_by_role("link", name="Onboarding", exact=True).first.click()
    expect(page.locator("#memberships-group").get_by_role("link", name="Sue")).to_be_visible()
    assert complaints == []


def test_a_draft_gets_another_field(site: Site, desk: Desk, owner: str, complaints: list[str]) -> None:
    page = _listen(desk(owner), complaints)
    page.goto(f"{site.home}admin/handoffs/handofftemplate/")
    page.get_by_role("link", name="Plain handoff").click()
    page.get_by_role("link", name="Revise").click()
    page.get_by_role("button", name="Revise").click()
    page.get_by_role("link", name="Add another Field").click()
    label = page.locator("[name^='fields-'][name$='-label']:visible").last
    label.fill("Deadline agreed with")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text(re.compile("was changed successfully"))).to_be_visible()
    expect(page.locator("#fields-group").get_by_text("Deadline agreed with").first).to_be_visible()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert complaints == []


def test_it_fits_a_phone(site: Site, desk: Desk, owner: str, complaints: list[str]) -> None:
    page = _listen(desk(owner, viewport=PHONE), complaints)
    for path in ("", "tenants/member/", "tenants/calendar/add/", "handoffs/handoff/"):
        page.goto(f"{site.home}admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    page.goto(f"{site.home}admin/tenants/workspace/")
    page.get_by_role("link", name="Projects").click()
    expect(page.get_by_text("Who may do what here")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert complaints == []
