"""Two people, one handoff: refused, mended, offered, returned, offered again, accepted, worked, completed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, Site
from tests.journeys.looking import choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_handoff_between_two_people(site: Site, desk: Desk, tmp_path: Path, scripted: bool) -> None:
    ana = desk("ana@fjord.example", java_script_enabled=scripted)
    ben = desk("ben@fjord.example", java_script_enabled=scripted)
    title = f"Signed contract {'with' if scripted else 'without'} scripts"

    address = _draft(ana, site, title)
    expect(ana.get_by_text("Ana answers for this since")).to_be_visible()
    expect(ana.get_by_role("link", name="Fill in “Billing contact”.")).to_be_visible()

    _offer(ana, "Onboarding (whoever takes it first)")
    expect(ana.get_by_role("alert")).to_contain_text("still missing")
    expect(ana.get_by_role("alert")).to_contain_text("Fill in “Billing contact”.")
    assert ana.get_by_role("textbox", name="Message").input_value() == "Please look today"

    ana.goto(address)
    _mend(ana, tmp_path)
    expect(ana.get_by_role("heading", name="Still missing")).to_have_count(0)
    _offer(ana, "Onboarding (whoever takes it first)")
    expect(ana.get_by_text("Offered to Onboarding. You answer for it until they accept.")).to_be_visible()

    ben.goto(site.home)
    ben.get_by_role("link", name=title).click()
    expect(ben.get_by_text("Waiting for you").last).to_be_visible()
    _return(ben)
    ana.goto(address)
    expect(ana.get_by_text("Ben: Who signs for them?")).to_be_visible()
    expect(ana.get_by_text("Returned", exact=True).last).to_be_visible()

    _offer(ana, "Ben")
    ben.goto(address)
    ben.get_by_role("button", name="Accept handoff").click()
    expect(ben.get_by_text("Accepted. You answer for it now.")).to_be_visible()
    expect(ben.get_by_text("Ben answers for this since")).to_be_visible()
    ben.get_by_role("button", name="Start").click()
    ben.get_by_role("checkbox", name="Welcome message sent").click()
    expect(ben.get_by_role("checkbox", name="Welcome message sent")).to_be_checked()
    _complete(ben)
    expect(ben.get_by_text("Nobody has to answer for this any more: it was completed")).to_be_visible()
    expect(ben.get_by_text("Ben completed this")).to_be_visible()


def _draft(page: Page, site: Site, title: str) -> str:
    page.goto(f"{site.home}handoffs/new/")
    page.get_by_label("In which workspace").select_option("Projects")
    page.get_by_role("radio", name="Sales to onboarding").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Contract value a year").fill("48000")
    page.get_by_label("Start date").fill("2026-12-01")
    page.get_by_role("button", name="Keep as a draft").click()
    page.wait_for_url("**/handoffs/HO-*/")
    return page.url


def _offer(page: Page, receiver: str) -> None:
    page.get_by_role("link", name="Offer", exact=True).click()
    choose(page.get_by_label("To", exact=True), receiver)
    page.get_by_role("textbox", name="Message").fill("Please look today")
    page.get_by_role("button", name="Offer", exact=True).click()


def _mend(page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Billing contact").fill("ap@northwind.example")
    page.get_by_role("textbox", name="What was promised").fill("A kick-off in the first week")
    page.get_by_role("button", name="Save").click()
    for item in ("Scope agreed with the client", "Billing contact confirmed"):
        page.get_by_role("checkbox", name=item).click()
        expect(page.get_by_role("checkbox", name=item)).to_be_checked()
    contract = tmp_path / "contract.pdf"
    contract.write_bytes(PDF)
    page.get_by_role("link", name="Attach Signed contract").click()
    page.get_by_label("File").set_input_files(contract)
    page.get_by_role("button", name="Attach", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="contract.pdf").click()
    assert download.value.path().read_bytes() == PDF


def _return(page: Page) -> None:
    page.get_by_role("link", name="Return", exact=True).click()
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("This field is required.")
    page.get_by_label("What kind of reason").select_option("Something is missing")
    page.get_by_label("What has to change").fill("Who signs for them?")
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.get_by_text("Returned with your reason.")).to_be_visible()


def _complete(page: Page) -> None:
    page.get_by_role("link", name="Complete", exact=True).click()
    page.get_by_label("Kick-off").fill("2026-12-02T09:00")
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("Completed.", exact=True)).to_be_visible()
