"""From nothing to done: an organization is started, its client invited, and a payment goes to them and back.

The client on a phone asks, is answered, returns it, reads it back, accepts, adds the proof and completes; whoever sent
it has one page open all the while and never loads it again.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoffs.actions.templates import create_template, publish, write
from handoffs.definition.read_back import Grade
from handoffs.models import DocumentSlot, FieldDefinition
from tenants.models import Member, Organization
from tenants.scope import everyone, scope
from tests.handoffs.worker import work_off
from tests.journeys.conftest import PHONE, Desk
from tests.journeys.looking import choose
from tests.journeys.playing import attach
from tests.portal.letters import last_mail_to, mailed_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PASSWORD = "a-pebble-in-the-fjord"
FACTS = (("payee", "Payee", "text"), ("amount", "Amount", "number"))


def committed(do: Callable[[], object]) -> None:
    """On a connection of its own, so that the site sees what it writes."""

    def run() -> None:
        do()
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


def the_time_comes(page: Page) -> None:
    """To look again; that it comes by itself every few seconds is seen elsewhere."""
    page.evaluate("dispatchEvent(new Event('handrail:changed'))")


def payments() -> None:
    """Haven hands payments over: whoever takes one says the amount and the payee without having seen them."""
    with everyone():
        haven = Organization.objects.get(slug="haven")
    with scope(haven):
        ida = Member.objects.select_related("user", "organization").get(organization=haven, name="Ida")
        draft = create_template(name="Payment", for_clients=True, by=ida, at=timezone.now())
        parts = [
            FieldDefinition(side="sender", key=k, label=n, type=t, required=True, key_fact=True) for k, n, t in FACTS
        ]
        parts.append(FieldDefinition(side="sender", key="terms", label="Terms", type="text"))
        proof = DocumentSlot(side="receiver", key="proof", label="Proof", required=True)
        write(version=draft, parts=[*parts, proof], read_back=Grade.FULL, by=ida, at=timezone.now())
        publish(version=draft, by=ida, at=timezone.now())


def test_from_nothing_to_done(desk: Desk) -> None:
    ida = desk()
    _start(ida)
    cy = desk(viewport=PHONE)
    _join(cy)
    committed(payments)
    address = _send(ida)
    ida.evaluate("window.wasNeverReloaded = true")

    cy.goto("/o/haven/")
    cy.get_by_role("link", name="Invoice 4711").click()
    expect(cy.get_by_text("Waiting for you").last).to_be_visible()
    cy.get_by_role("link", name="Ask", exact=True).click()
    cy.get_by_label("Your question").fill("From which account?")
    cy.get_by_role("button", name="Ask", exact=True).click()

    the_time_comes(ida)
    expect(ida.get_by_text("From which account?").first).to_be_visible()
    assert ida.evaluate("window.wasNeverReloaded")
    ida.get_by_label("Your answer").fill("The one in Bergen")
    ida.get_by_role("button", name="Answer", exact=True).click()
    expect(ida.get_by_text("Your answer is given.")).to_be_visible()
    ida.evaluate("window.wasNeverReloaded = true")

    the_time_comes(cy)
    expect(cy.get_by_text("The one in Bergen").first).to_be_visible()
    _return(cy)
    the_time_comes(ida)
    expect(ida.get_by_text("Cy: Until when?")).to_be_visible()
    assert ida.evaluate("window.wasNeverReloaded")
    ida.get_by_role("link", name="Edit", exact=True).click()
    ida.get_by_label("Terms").fill("Within thirty days")
    ida.get_by_role("button", name="Save").click()
    _offer(ida)
    ida.evaluate("window.wasNeverReloaded = true")

    cy.goto(address)
    expect(cy.get_by_role("heading", name="Since Cy gave it back")).to_be_visible()
    expect(cy.locator("#since")).to_contain_text("Within thirty days")
    expect(cy.locator("body")).not_to_contain_text("1200")
    cy.get_by_role("link", name="Accept", exact=False).first.click()
    cy.get_by_label("Payee").fill("contoso ltd")
    cy.get_by_label("Amount").fill("1,200")
    cy.get_by_role("button", name="Accept", exact=False).first.click()
    expect(cy.get_by_text("Accepted. You answer for it now.")).to_be_visible()
    the_time_comes(ida)
    expect(ida.get_by_text("Cy answers for this since")).to_be_visible()

    attach(cy, "Proof", "proof.pdf")
    the_time_comes(ida)
    expect(ida.get_by_role("link", name="proof.pdf").first).to_be_visible()
    cy.get_by_role("button", name="Complete", exact=True).click()
    expect(cy.get_by_text("Completed.", exact=True)).to_be_visible()
    the_time_comes(ida)
    expect(ida.get_by_text("Cy completed this")).to_be_visible()
    assert ida.evaluate("window.wasNeverReloaded")


def _start(ida: Page) -> None:
    ida.goto("/begin/")
    ida.get_by_label("Your e-mail address").fill("ida@haven.example")
    ida.get_by_role("button", name="Send me the link").click()
    expect(ida.get_by_text("Look into your mailbox")).to_be_visible()
    committed(work_off)
    link = re.search(r"/begin/\S+/", str(last_mail_to("ida@haven.example").body))
    assert link is not None
    ida.goto(link[0])
    ida.get_by_label("Your name").fill("Ida")
    ida.get_by_label("Choose a password").fill(PASSWORD)
    ida.get_by_label("Name of your organization").fill("Haven")
    ida.get_by_role("button", name="Start", exact=True).click()
    ida.get_by_role("link", name="Open a workspace").click()
    ida.get_by_label("The client", exact=True).fill("Contoso")
    ida.get_by_label("E-mail of your contact there").fill("cy@haven-client.example")
    ida.get_by_role("button", name="Open the workspace").click()
    expect(ida.get_by_text("The workspace Contoso is open.")).to_be_visible()
    committed(work_off)


def _join(cy: Page) -> None:
    cy.goto(f"/join/{mailed_key('cy@haven-client.example')}/")
    cy.get_by_label("Your name").fill("Cy")
    cy.get_by_label("Choose a password").fill(PASSWORD)
    cy.get_by_role("button", name="Join").click()
    expect(cy.get_by_text("Nothing waits for you.")).to_be_visible()


def _send(ida: Page) -> str:
    ida.goto("/o/haven/handoffs/new/")
    ida.get_by_label("In which workspace").select_option("Contoso")
    ida.get_by_role("radio", name="Payment").check()
    ida.get_by_role("button", name="Go on").click()
    ida.get_by_label("Title").fill("Invoice 4711")
    ida.get_by_label("Payee").fill("Contoso Ltd.")
    ida.get_by_label("Amount").fill("1200")
    ida.get_by_role("button", name="Keep as a draft").click()
    ida.wait_for_url("**/handoffs/HO-*/")
    address = ida.url
    _offer(ida)
    return address


def _offer(ida: Page) -> None:
    ida.get_by_role("link", name="Offer", exact=True).click()
    choose(ida.get_by_label("To", exact=True), "Contoso")
    ida.get_by_role("button", name="Offer", exact=True).click()
    expect(ida.get_by_text("You answer for it until they accept.")).to_be_visible()


def _return(cy: Page) -> None:
    cy.get_by_role("link", name="Return", exact=True).click()
    cy.get_by_label("What kind of reason").select_option("Something is missing")
    cy.get_by_label("What has to change").fill("Until when?")
    cy.get_by_role("button", name="Return", exact=True).click()
    expect(cy.get_by_text("Returned with your reason.")).to_be_visible()
