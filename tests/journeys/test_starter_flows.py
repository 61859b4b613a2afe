"""The five starter flows from launch to end, in the browsers of those who play their roles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoffs import jobs
from handoffs.actions.flows import install_starters
from handoffs.models import Case, Turn
from tenants.actions import create_calendar, create_team, grant
from tenants.models import User
from tenants.scope import scope
from tests.journeys.conftest import Desk, Site, may_sign_in
from tests.journeys.playing import attach, complete, complete_at_once, launch, take, tick
from tests.world import FOUNDED, WORK, World, address_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SHIFTS = {"Asia": ("Asia/Singapore", "sue"), "Europe": ("Europe/Berlin", "max"), "America": ("America/New_York", "bo")}
HOURS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
PLAYERS = ("ana", "max", "ben", "bo", "lea", "sam", "sue", "cleo")
SOON = f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"

People = Callable[[str], Page]


@pytest.fixture(scope="module")
def firm(site: Site, django_db_blocker: Any) -> Site:
    """The starter flows are in force, three shifts work in three time zones, and everybody can sign in."""
    with django_db_blocker.unblock(), scope(site.organization):
        world = World(site.organization)
        install_starters(by=world.olga, at=timezone.now())
        for name, (zone, lead) in SHIFTS.items():
            calendar = create_calendar(name=name, zone=zone, hours=HOURS, by=world.olga, at=FOUNDED)
            team = create_team(name=name, lead=getattr(world, lead), calendar=calendar, by=world.olga, at=FOUNDED)
            grant(workspace=world.projects, to=team, permissions=WORK, by=world.olga, at=FOUNDED)
        for user in User.objects.filter(email__in=[address_of(name) for name in PLAYERS]):
            may_sign_in(user)
    return site


@pytest.fixture
def as_(firm: Site, desk: Desk, scripted: bool) -> People:
    """`as_("ben")` is Ben's window, opened when he first comes in."""
    windows: dict[str, Page] = {}

    def window(name: str) -> Page:
        if name not in windows:
            windows[name] = desk(address_of(name), java_script_enabled=scripted)
        return windows[name]

    return window


scripts = pytest.mark.parametrize("scripted", [True], ids=["with scripts"])
no_scripts = pytest.mark.parametrize("scripted", [False], ids=["without scripts"])


@scripts
def test_client_onboarding(firm: Site, as_: People) -> None:
    title = "Northwind signs"
    roles = {"Onboarding": "Onboarding", "Client": "Northwind", "Client care": "Support"}
    given: dict[str, Any] = {"Start date": SOON, "Billing contact": "ap@northwind.example"}
    given |= {"What was promised": "Training in the first week", "Scope agreed with the client": True}
    given["Name of the client"] = "Northwind"
    address = launch(as_("ana"), firm, "Client onboarding", title, roles, given, "Northwind")

    take(as_("ben"), firm, "Take over the signed client", title)
    asked = {"What they are for": "To set up the account"}
    found = {"What the client wants to reach": "One report a month", "Are documents of the client needed?": "Yes"}
    complete(as_("ben"), found, asked)

    take(as_("cleo"), firm, "Collect documents", title)
    expect(as_("cleo").get_by_text("To set up the account")).to_be_visible()
    attach(as_("cleo"), "Documents", "rooms.pdf")
    complete(as_("cleo"), {"Remarks": "The list is of last week"})

    take(as_("ben"), firm, "Set up the account", title)
    expect(as_("ben").get_by_text("One report a month")).to_be_visible()
    expect(as_("ben").get_by_role("link", name="rooms.pdf").first).to_be_visible()
    tick(as_("ben"), "Access tested")
    made = {"Where the client signs in": "https://northwind.example/in", "What was set up": "Two users and a report"}
    complete(as_("ben"), made | {"Kick-off": f"{SOON}T09:00"})

    take(as_("cleo"), firm, "Welcome the client", title)  # and so it is done
    as_("cleo").goto(address)
    expect(as_("cleo").get_by_text("Take into care")).to_have_count(0)
    as_("ana").goto(address)
    expect(as_("ana").get_by_text("The first day").first).to_be_visible()
    _the_day_comes(firm, title)

    take(as_("sam"), firm, "Take into care", title)
    expect(as_("sam").get_by_text("Two users and a report")).to_be_visible()
    complete(as_("sam"), {"First impression": "In good hands"})
    _is_over(as_("ana"), address)
    as_("cleo").goto(address)
    expect(as_("cleo").get_by_text("Take into care")).to_have_count(0)


@no_scripts
def test_document_request_and_review(firm: Site, as_: People) -> None:
    title = "Proof of insurance"
    roles = {"Requester": "Sales", "Provider": "Northwind", "Reviewer": "Onboarding"}
    asked = {"What they are for": "To insure the kick-off", "Needed by": SOON}
    address = launch(as_("ana"), firm, "Document request and review", title, roles, asked, "Northwind")
    for name, verdict, findings in (
        ("policy-2025.pdf", "To be put right", "It ended last year"),
        ("policy-2026.pdf", "Accepted", "All is there"),
    ):
        take(as_("cleo"), firm, "Request documents", title)
        if verdict == "Accepted":
            expect(as_("cleo").get_by_text("It ended last year")).to_be_visible()
        attach(as_("cleo"), "Documents", name)
        complete(as_("cleo"), {})
        take(as_("ben"), firm, "Review documents", title)
        tick(as_("ben"), "Every document read")
        complete(as_("ben"), {"Verdict": verdict, "Findings": findings})
    take(as_("max"), firm, "File documents", title)
    expect(as_("max").get_by_role("link", name="policy-2026.pdf").first).to_be_visible()
    complete(as_("max"), {"Where they are": "Shelf 4"})
    _is_over(as_("ana"), address)


@scripts
def test_change_approval_with_two_approvers(firm: Site, as_: People) -> None:
    title = "New database"
    roles = {
        "Requester": "Sales",
        "Engineer": "Support",
        "Technical approver": "Onboarding",
        "Business approver": "Sales",
    }
    wish = {"What is to change": "Bookings move to the new server", "Why": "The old one is full"}
    address = launch(as_("ana"), firm, "Change approval", title, roles, wish)
    take(as_("sam"), firm, "Plan the change", title)
    plan = {"How it is done": "Copy at night", "The way back": "Switch back", "Risk": "Medium", "When": f"{SOON}T04:00"}
    complete(as_("sam"), plan)

    # Both decide in the same instant: the step after the join comes once.
    take(as_("ben"), firm, "Decide: technical", title)
    take(as_("max"), firm, "Decide: business", title)
    complete_at_once({as_(who): {"Decision": "Approved", "Grounds": f"{who} sees no harm"} for who in ("ben", "max")})
    with scope(firm.organization):
        assert Turn.objects.filter(case=_case(firm, title), step="make").count() == 1

    take(as_("sam"), firm, "Make the change", title)
    tick(as_("sam"), "Announced to those concerned")
    complete(as_("sam"), {"Outcome": "Made", "What happened": "Down for four minutes"})
    take(as_("max"), firm, "Tell what became of it", title)  # and so it is done
    expect(as_("max").get_by_text("Down for four minutes")).to_be_visible()
    _is_over(as_("ana"), address)
    expect(as_("ana").locator("main")).to_contain_text("Both have decided")


@scripts
def test_incident_over_three_time_zones(firm: Site, as_: People) -> None:
    title = "Door locks answer late"
    roles = {f"Shift in {name}": name for name in SHIFTS} | {"Incident manager": "Onboarding"}
    given = {"What is wrong": "A minute to open", "Impact": "Serious", "Began": f"{timezone.now():%Y-%m-%dT00:00}"}
    address = launch(as_("ana"), firm, "Incident hand-over", title, roles, given)
    for name, (_, who) in SHIFTS.items():
        if name != "Asia":
            take(as_(who), firm, f"Relay to {name}", title)  # acknowledged, and so it is done
        take(as_(who), firm, f"Work on it: {name}", title)
        expect(as_(who).get_by_text("A minute to open").first).to_be_visible()
        found = {"Is it resolved?": "Yes" if name == "America" else "No", "What is known": f"Seen from {name}"}
        found |= {"What was tried": "A restart", "What to do next": "The other switch"}
        complete(as_(who), found)
    take(as_("lea"), firm, "Review the incident", title)
    expect(as_("lea").get_by_text("Seen from America").first).to_be_visible()
    complete(as_("lea"), {"Lessons": "Watch the switch"})
    _is_over(as_("ana"), address)


@scripts
def test_invoice_approval_with_a_rejection(firm: Site, as_: People) -> None:
    title = "Invoice 4711"
    roles = {"Invoice clerk": "Support", "Approver": "Sales", "Director": "Onboarding", "Payments": "Onboarding"}
    address = launch(as_("ana"), firm, "Invoice approval", title, roles, {"Supplier": "Locks Ltd", "Received on": SOON})
    for amount, decision, grounds in (("21000", "Rejected", "One zero too many"), ("12000", "Approved", "As ordered")):
        take(as_("sam"), firm, "Check the invoice", title)
        if decision == "Approved":
            expect(as_("sam").get_by_text("One zero too many").first).to_be_visible()
        attach(as_("sam"), "Invoice", "4711.pdf")
        tick(as_("sam"), "Compared with the order")
        complete(as_("sam"), {"Amount": amount, "Due": SOON, "Cost centre": "Houses"})
        take(as_("max"), firm, "Approve the invoice", title)
        expect(as_("max").get_by_text(amount).first).to_be_visible()
        complete(as_("max"), {"Decision": decision, "Grounds": grounds})
    take(as_("lea"), firm, "Approve the large invoice", title)
    complete(as_("lea"), {"Decision": "Approved", "Grounds": "Needed"})
    take(as_("ben"), firm, "Pay the invoice", title)
    expect(as_("ben").get_by_role("link", name="4711.pdf").first).to_be_visible()
    complete(as_("ben"), {"Paid on": SOON, "Reference of the payment": "P-1"})
    _is_over(as_("ana"), address)


def _case(site: Site, title: str) -> Case:
    return Case.objects.get(organization=site.organization, title=title)


def _the_day_comes(site: Site, title: str) -> None:
    """Two days go by: what the case waits for is over, and the worker wakes it, over a connection of its own."""

    def wake() -> None:
        with scope(site.organization):
            (waiting,) = Turn.objects.filter(case=_case(site, title), state="live", wakes_at__isnull=False)
            Turn.objects.filter(pk=waiting.pk).update(wakes_at=timezone.now())
        jobs.wake_case(str(site.organization.id), waiting.pk)
        connection.close()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(wake).result()


def _is_over(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("the case is completed")).to_be_visible()
