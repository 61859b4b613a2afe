"""What is done to flows and cases that run: named, moved to a newer version, looked over when they are many."""

import pytest
from playwright.sync_api import expect

from handoffs.actions.flows import publish_flow, revise_flow, write_flow
from handoffs.insight import board
from tenants.models import User
from tenants.scope import scope
from tests.handoffs.flows.playing import begun
from tests.journeys.conftest import Desk, Site, may_sign_in
from tests.journeys.keys import fill, press
from tests.journeys.looking import WIDTHS, faults_of
from tests.journeys.test_flow_editor import OLGA
from tests.portal.pages.flows import REVIEW, review
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def flow(site: Site, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> tuple[int, str]:
    """A flow of two versions with three cases by the first one; its id, and one of the cases."""
    with django_db_blocker.unblock(), scope(site.organization):  # type: ignore[attr-defined]
        olga = User.objects.get(email=OLGA)
        may_sign_in(olga)
        world = World(site.organization)
        first = review(world, "Kept up", published=True)
        cases = [begun(world, first, casting={}, title=f"Client number {number}") for number in range(3)]
        draft = revise_flow(flow=first.flow, by=world.olga, at=world.now)
        steps = [{**step, "label": f"{step['label']} again"} for step in REVIEW["steps"]]
        draft = write_flow(version=draft, document={**REVIEW, "steps": steps}, by=world.olga, at=world.now)
        publish_flow(version=draft, by=world.olga, at=world.now)
        revise_flow(flow=first.flow, by=world.olga, at=world.now)
        return first.flow_id, cases[0].reference


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_it(
    width: str, site: Site, flow: tuple[int, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MOST", 2)
    pk, case = flow
    paths = [f"flows/{pk}/", f"flows/{pk}/name/", f"flows/{pk}/cases/move/", f"flows/{pk}/board/"]
    paths += [f"flows/{pk}/board/?show=table", f"cases/?flow={pk}&step=check", f"cases/{case}/reassign/"]
    faults: list[str] = []
    window, cleo = desk(OLGA, **WIDTHS[width]), desk("cleo@northwind.example", **WIDTHS[width])
    for each in (window, cleo):
        each.on("console", lambda m: faults.append(m.text) if m.type == "error" and "403" not in m.text else None)
    for path in paths:
        window.goto(site.home + path)
        faults += faults_of(window, path)
    window.goto(f"{site.home}flows/{pk}/board/")
    expect(window.get_by_text("2 longest under way are shown")).to_be_visible()
    cleo.goto(site.home + "cases/new/")
    expect(cleo.get_by_text("own people")).to_be_visible()
    faults += faults_of(cleo, "cases/new/ of a client")
    assert faults == []


def test_a_flow_is_renamed_by_keyboard_alone(site: Site, flow: tuple[int, str], desk: Desk) -> None:
    page = desk(OLGA)
    page.goto(f"{site.home}flows/{flow[0]}/")
    press(page, "Rename")
    fill(page, "Name", "Kept up well")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept up well")
    expect(page.get_by_role("status").filter(has_text="It is called “Kept up well”")).to_be_visible()


def test_a_draft_that_somebody_else_changed_is_looked_at_before_it_is_published(
    site: Site, flow: tuple[int, str], desk: Desk
) -> None:
    page, other = desk(OLGA), desk(OLGA)
    for window in (page, other):
        window.goto(f"{site.home}flows/{flow[0]}/edit/")
    other.get_by_role("button", name="Move “Pay it again” up").click()
    expect(other.get_by_role("button", name="Move “Pay it again” up")).to_be_focused()
    press(page, "Publish")
    expect(page.get_by_text("Somebody else changed this draft meanwhile")).to_be_visible()
    assert faults_of(page, "refused") == []
    press(page, "To the draft")
    press(page, "Publish")
    expect(page.get_by_role("status").filter(has_text="Version 3 is published")).to_be_visible()
