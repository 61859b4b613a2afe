"""A case from its launch to its end in the browsers of those who play its roles, with scripts and without."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tenants.models import User
from tenants.scope import scope
from tests.journeys.conftest import Desk, Site, may_sign_in
from tests.journeys.looking import choose
from tests.onboarding import install
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def flow(site: Site, django_db_blocker: Any) -> int:
    """The flow is in force, and everybody who plays a role in it can sign in."""
    with django_db_blocker.unblock(), scope(site.organization):
        for user in User.objects.filter(email__in=["sam@fjord.example", "max@fjord.example"]):
            may_sign_in(user)
        return int(install(World(site.organization)).flow_id)


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_taking_on_a_client(site: Site, desk: Desk, flow: int, scripted: bool) -> None:
    title = f"Northwind {'with' if scripted else 'without'} scripts"
    ana, ben, cleo, sam, max_ = (
        desk(email, java_script_enabled=scripted)
        for email in (
            "ana@fjord.example",
            "ben@fjord.example",
            "cleo@northwind.example",
            "sam@fjord.example",
            "max@fjord.example",
        )
    )
    address = _launch(ana, site, title)
    expect(ana.get_by_text("Onboarding is asked to accept it.")).to_be_visible()

    _take(ben, site, f"Intake: {title}")
    expect(ben.get_by_text("Step 1 of 4, “Intake”")).to_be_visible()
    ben.get_by_role("link", name="Complete", exact=True).click()
    expect(ben.get_by_role("heading", name="What happens next")).to_be_visible()
    ben.get_by_label("Amount").fill("48000")
    ben.get_by_label("Remark for who does it").fill("With care")
    ben.get_by_role("button", name="Complete").click()
    expect(ben.get_by_text("Completed.", exact=True)).to_be_visible()

    ana.goto(address)
    expect(ana.get_by_text("Northwind is asked to accept it.")).to_be_visible()
    _take(cleo, site, f"Papers: {title}")
    expect(cleo.get_by_text("48000")).to_be_visible()
    _complete(cleo)
    cleo.goto(address)
    expect(cleo.get_by_text("is at it.")).to_be_visible()
    expect(cleo.get_by_text("Secret accounts")).to_have_count(0)

    _take(sam, site, f"Secret accounts: {title}")
    _complete(sam)
    _take(max_, site, f"Check: {title}")
    max_.get_by_role("link", name="Complete", exact=True).click()
    max_.get_by_label("Decision").select_option("Approved")
    max_.get_by_role("button", name="Complete").click()
    expect(max_.get_by_text("Completed.", exact=True)).to_be_visible()
    ana.goto(address)
    expect(ana.get_by_text("the case is completed")).to_be_visible()


def _launch(page: Page, site: Site, title: str) -> str:
    page.goto(f"{site.home}cases/new/")
    page.get_by_role("radio", name="Taking on a client").check()
    page.get_by_label("In which workspace").select_option("Northwind")
    page.get_by_label("Internal steps happen in").select_option("Projects")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Title").fill(title)
    for role in ("Onboarding", "Support", "Northwind", "Sales"):
        choose(page.get_by_label(role, exact=True), f"{role} (whoever takes it first)")
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_role("alert")).to_contain_text("What they wish for")
    page.get_by_label("What they wish for").fill("To begin in December")
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


def _take(page: Page, site: Site, title: str) -> None:
    page.goto(site.home)
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name="Accept handoff").click()
    expect(page.get_by_text("Accepted. You answer for it now.")).to_be_visible()


def _complete(page: Page) -> None:
    page.get_by_role("link", name="Complete", exact=True).click()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed.", exact=True)).to_be_visible()
