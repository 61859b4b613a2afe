"""What is being written keeps itself: nobody loses a draft by closing a window."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_a_draft_is_there_again_after_its_window_was_closed(site: Site, desk: Desk) -> None:
    ana = desk("ana@fjord.example")
    ana.goto(f"{site.home}handoffs/new/")
    ana.get_by_label("In which workspace").select_option("Projects")
    ana.get_by_role("radio", name="Sales to onboarding").check()
    ana.get_by_role("button", name="Go on").click()
    ana.get_by_label("Contract value a year").fill("48000")
    expect(ana.get_by_text("It saves itself once it has a title.")).to_be_visible()
    ana.get_by_label("Title").fill("Kept by itself")
    expect(ana.get_by_text(re.compile(r"Saved as HO-\d+"))).to_be_visible()
    expect(ana.get_by_role("link", name="Fill in “Start date”.")).to_be_visible()
    expect(ana).to_have_url(re.compile(r"/handoffs/HO-\d+/edit/$"))
    ana.get_by_label("Start date").fill("2026-12-01")
    expect(ana.get_by_role("link", name="Fill in “Start date”.")).to_have_count(0)
    ana.get_by_role("link", name="Fill in “What was promised”.").click()
    expect(ana.get_by_label("What was promised")).to_be_focused()
    address = ana.url
    ana.close()
    again = desk("ana@fjord.example")
    again.goto(address)
    expect(again.get_by_label("Title")).to_have_value("Kept by itself")
    expect(again.get_by_label("Start date")).to_have_value("2026-12-01")
    again.get_by_role("button", name="Save").click()
    expect(again.get_by_text("Saved.", exact=True)).to_be_visible()
    again.goto(f"{site.home}held/")
    expect(again.get_by_role("link", name="Kept by itself")).to_have_count(1)
