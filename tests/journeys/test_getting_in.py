"""From an invitation to the inbox: the owner at the desk, the newcomer on a phone, once without scripts."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from tests.handoffs.worker import work_off
from tests.journeys.conftest import OWNER, PHONE, Desk, Site
from tests.portal.letters import last_mail_to, mailed_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def the_worker_runs() -> None:
    """On a connection of its own, so that what it writes is there for the site too."""

    def run() -> None:
        work_off()
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_client_is_invited_and_comes_in_on_a_phone(site: Site, desk: Desk, scripted: bool) -> None:
    address = f"dora{'' if scripted else '.plain'}@northwind.example"
    olga = desk(OWNER, java_script_enabled=scripted)
    olga.goto(f"{site.home}settings/")
    olga.get_by_role("link", name="Invitations").click()
    olga.get_by_label("E-mail address").fill(address)
    olga.get_by_role("radio", name="Client").check()
    olga.get_by_role("combobox", name="Workspace").select_option("Northwind")
    olga.get_by_role("button", name="Send invitation").click()
    expect(olga.get_by_text(f"on its way to {address}")).to_be_visible()

    the_worker_runs()
    dora = desk(viewport=PHONE, java_script_enabled=scripted)
    dora.goto(f"/join/{mailed_key(address)}/")
    expect(dora.get_by_role("heading", name="Join Journey")).to_be_visible()
    dora.get_by_label("Your name").fill("Dora")
    dora.get_by_label("Choose a password").fill("password")
    dora.get_by_role("button", name="Join").click()
    expect(dora.get_by_text("This password is too common.", exact=True)).to_be_visible()
    expect(dora.get_by_label("Your name")).to_have_value("Dora")
    dora.get_by_label("Choose a password").fill("a-pebble-in-the-fjord")
    dora.get_by_role("button", name="Join").click()
    dora.wait_for_url(site.home)
    expect(dora.get_by_text("Nothing waits for you.")).to_be_visible()

    olga.reload()
    expect(olga.get_by_text(address)).to_have_count(0)


def test_signing_in_by_a_code_leads_to_where_one_wanted_to_go(site: Site, desk: Desk) -> None:
    ana = desk()
    ana.goto(f"{site.home}held/")
    expect(ana.get_by_text("Journey", exact=True)).to_be_visible()
    ana.get_by_role("link", name="Send me a code instead").click()
    ana.get_by_label("Email").fill("ana@fjord.example")
    ana.get_by_role("button", name="Request Code").click()
    the_worker_runs()
    body = str(last_mail_to("ana@fjord.example").body)
    code = next(line.strip() for line in body.splitlines() if line.strip().replace("-", "").isupper())
    ana.get_by_label("Code").fill(code)
    ana.get_by_role("button", name="Confirm").click()
    ana.wait_for_url(f"{site.home}held/")


def test_an_organization_is_started_and_its_first_client_invited(desk: Desk) -> None:
    ida = desk()
    ida.goto("/")
    ida.get_by_role("link", name="Start an organization").click()
    ida.get_by_label("Your e-mail address").fill("ida@harbour.example")
    ida.get_by_role("button", name="Send me the link").click()
    expect(ida.get_by_text("Look into your mailbox")).to_be_visible()
    the_worker_runs()
    link = re.search(r"/begin/\S+/", str(last_mail_to("ida@harbour.example").body))
    assert link is not None
    ida.goto(link[0])
    ida.get_by_label("Your name").fill("Ida")
    ida.get_by_label("Choose a password").fill("a-pebble-in-the-fjord")
    ida.get_by_label("Name of your organization").fill("Harbour")
    ida.get_by_role("button", name="Start", exact=True).click()
    expect(ida.get_by_text("0 of 3 done.")).to_be_visible()
    ida.get_by_role("link", name="Open a workspace").click()
    ida.get_by_label("The client", exact=True).fill("Contoso")
    ida.get_by_label("E-mail of your contact there").fill("cy@contoso.example")
    ida.get_by_role("button", name="Open the workspace").click()
    expect(ida.get_by_text("The workspace Contoso is open.")).to_be_visible()
    the_worker_runs()
    cy = desk(viewport=PHONE)
    cy.goto(f"/join/{mailed_key('cy@contoso.example')}/")
    cy.get_by_label("Your name").fill("Cy")
    cy.get_by_label("Choose a password").fill("a-pebble-in-the-fjord")
    cy.get_by_role("button", name="Join").click()
    expect(cy.get_by_text("Nothing waits for you.")).to_be_visible()
    ida.goto("/o/harbour/settings/first-steps/")
    expect(ida.get_by_text("1 of 3 done.")).to_be_visible()
