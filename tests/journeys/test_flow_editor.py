"""A flow is written, mended, played and published in a browser: by keyboard alone, and for everybody's eyes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tenants.models import User
from tenants.scope import scope
from tests.journeys.conftest import Desk, Site, may_sign_in
from tests.journeys.keys import fill, press, reach
from tests.journeys.looking import WIDTHS, faults_of
from tests.portal.pages.flows import review
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
OLGA = "olga@journey.example"


@pytest.fixture(scope="module")
def flow(site: Site, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> tuple[int, int]:
    """A draft of Olga's, and the workspace in which it may be played."""
    with django_db_blocker.unblock(), scope(site.organization):  # type: ignore[attr-defined]
        olga = User.objects.get(email=OLGA)
        may_sign_in(olga)
        world = World(site.organization)
        draft = review(world, "Review in a browser")
        return draft.flow_id, world.projects.pk


def add_step(page: Page, name: str, kind: str = "") -> None:
    card = page.locator("#new-step")
    fill(page, "Name", name, card)
    if kind:
        fill(page, "Kind", kind, card)
    press(page, "Add step", card)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_flow_is_written_mended_and_published_by_keyboard_alone(
    site: Site, flow: tuple[int, int], desk: Desk
) -> None:
    page = desk(OLGA)
    page.goto(site.home + "flows/")
    press(page, "New flow")
    fill(page, "Name (optional)", "Paid after a look")
    press(page, "Make draft")

    roles = page.locator("#new-role")
    for role, team in (("Asker", "Sales"), ("Checker", "Onboarding")):
        fill(page, "Name", role, roles)
        fill(page, "Always the team (optional)", team, roles)
        press(page, "Add role", roles)
    expect(page.locator("#roles")).to_contain_text("Checker")

    for name, giver, receiver in (("Decide", "Asker", "Checker"), ("Pay", "Checker", "Asker")):
        add_step(page, name)
        fill(page, "Template (optional)", "Work")
        fill(page, "Who hands over (optional)", giver)
        fill(page, "Who takes over (optional)", receiver)
        if name == "Pay":
            fill(
                page, "Only if (optional)", "decide.result.decision Approved", page.get_by_role("group", name="Link 1")
            )
            press(page, "Save")
            expect(page.get_by_role("alert")).to_contain_text("“Approved” cannot be read")
            expect(page.get_by_role("alert")).to_be_focused()
            fill(
                page,
                "Only if (optional)",
                'decide.result.decision = "Approved"',
                page.get_by_role("group", name="Link 1"),
            )
        press(page, "Save")
        press(page, "Save")  # the template has brought further fields, which stay as they are

    expect(page.locator("#problems")).to_contain_text("Decide")
    add_step(page, "Over", "Milestone")
    first, another = page.get_by_role("group", name="Link 1"), page.get_by_role("group", name="Another: link")
    fill(page, "After (optional)", "Pay", first)
    fill(page, "After (optional)", "Decide", another)
    reach(page, another.get_by_label(re.compile("^Otherwise")))
    page.keyboard.press("Space")
    press(page, "Save")
    expect(page.locator("#problems")).to_have_count(0)
    press(page, "Move “Over” up")
    expect(page.get_by_role("button", name="Move “Over” up")).to_be_focused()
    press(page, "Publish")
    expect(page.get_by_role("status").filter(has_text="Version 1 is published")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_flows(width: str, site: Site, flow: tuple[int, int], desk: Desk) -> None:
    pk, workspace = flow
    paths = ["flows/", "flows/new/", "flows/import/", f"flows/{pk}/", f"flows/{pk}/edit/"]
    paths += [f"flows/{pk}/edit/steps/{key}/" for key in ("check", "pay", "over")]
    paths += [f"flows/{pk}/edit/roles/asker/", f"flows/{pk}/sandbox/", f"flows/{pk}/sandbox/?workspace={workspace}"]
    faults: list[str] = []
    window = desk(OLGA, **WIDTHS[width])
    window.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    for path in paths:
        window.goto(site.home + path)
        faults += faults_of(window, path)
    window.get_by_role("button", name="Play", exact=True).click()
    window.get_by_text("It comes to its end").wait_for()
    faults += faults_of(window, "played")
    assert faults == []
