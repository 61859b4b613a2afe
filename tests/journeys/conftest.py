"""A site that serves committed data of its own, and browsers to visit it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.sign_in import confirm_address
from tenants.models import Organization, User
from tests import browser
from tests.handoffs.apart import database_apart
from tests.world import build

SLUG = "journey"
OWNER = f"olga@{SLUG}.example"
PEOPLE = ["ana@fjord.example", "ben@fjord.example", "cleo@northwind.example", OWNER]
PASSWORD = "correct horse battery staple"
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """Waits for its threads at the end: the test database cannot be dropped while one of them holds a connection."""

    daemon_threads = False


@dataclass
class Site:
    """Where it is, and whose organization lies there."""

    address: str
    organization: Organization

    @property
    def home(self) -> str:
        return f"{self.address}/o/{self.organization.slug}/"


def may_sign_in(user: User) -> None:
    """Gives a login the password of this cast, and takes its address as confirmed."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    confirm_address(user)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """The site over committed data, which other connections than the test's own must see, in a database apart."""
    with django_db_blocker.unblock(), database_apart("journeys"):
        organization = build(SLUG)
        for user in User.objects.filter(email__in=PEOPLE):
            may_sign_in(user)
        server = Server(("127.0.0.1", 0), Quiet)
        server.set_app(get_wsgi_application())
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", organization)
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    """One browser for the journeys of a file: two at once in one process would be one too many for Playwright."""
    # Playwright keeps an event loop in this thread, where Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.chromium(), args=browser.FLAGS)
        yield opened
        opened.close()
        # With a loop in the thread Django kept connections of its own, which nobody else would close.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


Desk = Callable[..., Page]


@pytest.fixture
def desk(site: Site, chromium: Browser) -> Iterator[Desk]:
    """`desk("ana@…")` signs a person in and returns their window; `desk()` is nobody's."""
    contexts: list[BrowserContext] = []

    def open_(email: str = "", viewport: Any = DESK, **given: Any) -> Page:
        given.setdefault("service_workers", "block")
        given.setdefault("reduced_motion", "reduce")  # what glides is drawn many times over
        context = chromium.new_context(viewport=viewport, base_url=site.address, **given)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if email:
            page.goto("/accounts/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(site.address + "/")
        return page

    yield open_
    for context in contexts:
        context.close()
