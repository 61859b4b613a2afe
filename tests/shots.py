"""`make shots`: every page of the demo as people see it, at the desk, in dark and on a phone, in .data/shots.

The picture in README is one of them. Starts the site on a free port and stops it afterwards.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright
from tqdm import tqdm

from portal.environment import ROOT, current
from tests import browser
from tests.servers import free_port

DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE},
}
MEMBER, ADMIN, CLIENT = "dana@kestrel.example", "mara@kestrel.example", "omar@brightwater.example"
# Who looks at what; “first” is the first handoff of their inbox, and of other lists the first of theirs.
PAGES: dict[str, tuple[str, str]] = {
    "inbox": (MEMBER, ""),
    "handoff": (MEMBER, "first"),
    "held": (MEMBER, "held/"),
    "sent": (MEMBER, "sent/"),
    "find": (MEMBER, "handoffs/?box=waiting&q=a"),
    "new": (MEMBER, "handoffs/new/"),
    "cases": (MEMBER, "cases/"),
    "case": (MEMBER, "cases/ first"),
    "flows": (ADMIN, "flows/"),
    "flow": (ADMIN, "flows/ first"),
    "insight": (ADMIN, "insight/"),
    "lane": (ADMIN, "insight/ first"),
    "own-figures": (ADMIN, "insight/mine/"),
    "event-logs": (ADMIN, "insight/logs/"),
    "by-team": (ADMIN, "insight/by/teams/"),
    "by-template": (ADMIN, "insight/by/templates/"),
    "template": (ADMIN, "insight/by/templates/ first"),
    "client-insight": (CLIENT, "insight/"),
    "notifications": (MEMBER, "notifications/"),
    "settings": (ADMIN, "settings/"),
    "how-one-is-told": (MEMBER, "settings/delivery/"),
    "chat-rooms": (ADMIN, "settings/chat/"),
    "invitations": (ADMIN, "settings/invitations/"),
    "members": (ADMIN, "settings/members/"),
    "member": (ADMIN, "settings/members/ first"),
    "teams": (ADMIN, "settings/teams/"),
    "team": (ADMIN, "settings/teams/ first"),
    "workspaces": (ADMIN, "settings/workspaces/"),
    "permissions": (ADMIN, "settings/workspaces/ first"),
    "calendars": (ADMIN, "settings/calendars/"),
    "calendar": (ADMIN, "settings/calendars/ first"),
    "organization": (ADMIN, "settings/organization/"),
    "new-client": (ADMIN, "settings/clients/new/"),
    "first-steps": (ADMIN, "settings/first-steps/"),
    "own-address": (MEMBER, "accounts/email/"),
    "second-factor": (MEMBER, "accounts/2fa/"),
    "sessions": (MEMBER, "accounts/sessions/"),
    "client-inbox": (CLIENT, ""),
    "client-handoff": (CLIENT, "first"),
    "admin": (ADMIN, "admin/"),
    "missing": (MEMBER, "nowhere/"),
    "start": ("", "/"),
    "sign-in": ("", "/o/kestrel/"),
    "code": ("", "/accounts/login/code/"),
    "begin": ("", "/begin/"),
    "no-invitation": ("", "/join/nothing/"),
}
README = ("handoff", "desk")
BOOT_SECONDS = 180  # the first time the demo is made


@contextmanager
def site() -> Iterator[str]:
    """The site as `make run` starts it, on a port of its own; its address."""
    port = free_port()
    command = [sys.executable, "manage.py", "run"]
    environ = {**os.environ, "PORT": str(port), "HANDRAIL_ADDRESS": f"http://localhost:{port}"}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + BOOT_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The site did not start; `make run` says why.")
            time.sleep(0.5)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def shoot(browser: Browser, address: str, look: str) -> None:
    """All pages in one look, each person in a window of their own."""
    where = current().data / "shots"
    windows: dict[str, Page] = {}
    for name, (who, path) in tqdm(PAGES.items(), desc=look, unit=" pages"):
        if who not in windows:
            windows[who] = _window(browser, address, look, who)
        _go(windows[who], address, path)
        windows[who].screenshot(
            path=where / f"{name}-{look}.png", full_page=(name, look) != README, animations="disabled"
        )


def _window(browser: Browser, address: str, look: str, who: str) -> Page:
    page = browser.new_context(**LOOKS[look], base_url=address, reduced_motion="reduce").new_page()
    if who:
        page.goto("/accounts/login/")
        page.locator(f'button[name="email"][value="{who}"]').click()
        page.wait_for_load_state()
    return page


def _go(page: Page, address: str, path: str) -> None:
    below = path.removesuffix("first").strip()
    page.goto(path if path.startswith("/") else f"{address}/o/kestrel/{below}")
    if path.endswith("first"):
        link = page.locator("main .row-title a, main .rows a, main table a, main .card a").first
        page.goto(str(link.get_attribute("href")))
    page.wait_for_load_state("networkidle")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False


def main() -> None:
    """Takes them all, and puts the one of README where README looks for it."""
    where = current().data / "shots"
    where.mkdir(parents=True, exist_ok=True)
    with site() as address, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.chromium(), args=browser.FLAGS)
        for look in LOOKS:
            shoot(opened, address, look)
        opened.close()
    shutil.copy(where / f"{'-'.join(README)}.png", ROOT / "docs" / "handoff.png")
    print(f"{len(PAGES) * len(LOOKS)} pictures are in {where}.")


if __name__ == "__main__":
    main()
