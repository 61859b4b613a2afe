"""The real worker, while one watches: nobody accepts in time, and the alarm comes as notice and as mail."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import psutil
import pytest

from handoffs import actions
from handoffs.actions.templates import create_template, publish
from handoffs.lifecycle import Verb
from handoffs.models import Handoff, Notice, TemplateVersion
from portal.environment import ROOT
from tenants.models import Calendar, Organization, Team
from tenants.scope import scope
from tests.world import World, build

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WITHIN = timedelta(seconds=4)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def worker(apart: str, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py worker` on the database apart; it and its children are gone afterwards."""
    environ = {**os.environ, "DATABASE_URL": apart, "HANDRAIL_DATA": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "manage.py", "worker", "--grace=3"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        for child in family:
            if child.is_running():
                child.kill()


@pytest.fixture(scope="module")
def organization(apart: str) -> Organization:
    """A firm whose onboarding works round the clock and has seconds to accept."""
    organization = build("watched")
    with scope(organization):
        world = World(organization)
        always = Calendar.objects.create(
            organization=organization, name="Always", zone="UTC", hours={day: [["00:00", "24:00"]] for day in DAYS}
        )
        Team.objects.update(calendar=always)
        version = create_template(name="At once", by=world.olga, at=world.now)
        version.accept_within, version.target_team = WITHIN, world.team("Onboarding")
        version.save()
        publish(version=version, by=world.olga, at=world.now)
    return organization


def offer(organization: Organization) -> Handoff:
    with scope(organization):
        world, now = World(organization), datetime.now(UTC)
        template = TemplateVersion.objects.get(template__name="At once")
        handoff = actions.draft(world.projects, by=world.ana, at=now, title="Now or never", template=template)
        return actions.offer(handoff, by=world.ana, at=now)


def watch(seen: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < until, log.read_text()[-4000:]
        time.sleep(0.2)


def mailed(mails: Path) -> set[tuple[str, str]]:
    """(to whom, what it is about) of the mails that lie in the directory."""
    found = set()
    for file in mails.glob("*.log") if mails.exists() else ():
        for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
            message = message_from_bytes(raw, policy=policy.default)
            if message["To"]:
                found.add((message["To"].addresses[0].display_name, message["Subject"].partition(":")[0]))  # type: ignore[attr-defined]
    return found


def noticed(organization: Organization, handoff: Handoff) -> set[tuple[str, str, int | None]]:
    with scope(organization):
        notices = Notice.objects.filter(handoff=handoff).select_related("event", "member")
        return {(n.member.name, n.event.verb, n.event.facts.get("rung")) for n in notices}


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("worker")
def test_the_alarm_arrives_while_one_watches(organization: Organization, mails: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    watch(lambda: "Worker is running" in log.read_text(), log)
    handoff = offer(organization)
    late = {(name, Verb.ESCALATE, 2) for name in ("Ana", "Ben", "Bo", "Lea")}
    watch(lambda: late <= noticed(organization, handoff), log)
    noticed_after = datetime.now(UTC) - handoff.changed_at
    wanted = {(name, "Late") for name in ("Ana", "Ben", "Bo", "Lea")} | {("Mo", "Late")}
    wanted |= {(name, "Please accept") for name in ("Ben", "Bo", "Lea", "Sam", "Sue")}  # Sam and Sue as the backup
    wanted |= {(name, "Time is running out") for name in ("Ben", "Bo", "Lea")}
    watch(lambda: wanted <= mailed(mails), log)
    print(f"late after {WITHIN.total_seconds():.0f} s, noticed after {noticed_after.total_seconds():.1f} s")
    with scope(organization):
        handoff.refresh_from_db()
        assert handoff.custodian == World(organization).ana
        assert handoff.open_offer is not None
        assert handoff.open_offer.to_team.name == "Support"
        assert handoff.offers.filter(delivered_at=None).count() == 0
        actions.accept(handoff, by=World(organization).sue, at=datetime.now(UTC))
    watch(lambda: ("Ana", "Accepted by Sue") in mailed(mails), log)
