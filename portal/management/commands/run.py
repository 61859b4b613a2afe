"""`manage.py run`: everything in one terminal: database, migrations, demo, web and worker."""

import socket
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from portal import database, welcome
from portal.environment import Environment, Unfit, current
from portal.household import Household

STOP_SECONDS = 4
BOOT_SECONDS = 30


class Command(BaseCommand):
    """Starts all that is needed and stops all that it started, except the database server, which others share."""

    help = __doc__
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        environment = current()
        refuse_taken_port(environment.bind, environment.port)
        try:
            database.start()
            database.insist()
        except Unfit as unfit:
            raise CommandError("\n".join(unfit.problems)) from None
        self.prepare()
        connections.close_all()
        self.keep_running(environment)

    def prepare(self) -> None:
        """Bring tables up to date and see to the demo; does nothing where nothing is to be done."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.HANDRAIL_DEMO and "demo" in get_commands() and not welcome.demo_organizations():
            self.stdout.write("Making the demo organization …")
            call_command("demo", verbosity=0)

    def keep_running(self, environment: Environment) -> None:
        """Run web and worker until somebody stops us or one of them dies."""
        household = Household()
        household.catch_signals()
        household.start("web", web_command(environment))
        household.start("worker", [sys.executable, "manage.py", "worker", f"--grace={STOP_SECONDS - 1}"])
        try:
            if wait_for_web(environment, household):
                household.say(welcome.text(environment.address))
            dead = household.watch()
        finally:
            household.say("Stopping …")
            household.stop(STOP_SECONDS)
        if dead:
            raise CommandError(
                f"The {dead.name} ended by itself (code {dead.process.returncode}); see its lines above."
            )
        household.say("Stopped.")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError with a sentence when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CommandError(f"Port {port} is reserved for the system: choose another with PORT=8001.") from None
        except OSError:
            raise CommandError(
                f"Port {port} is taken by another program: stop it, or choose another with PORT={port + 1}."
            ) from None


def web_command(environment: Environment) -> list[str]:
    """The web server: the same one as in production, which reads changed code anew while one develops."""
    host = f"[{environment.bind}]" if ":" in environment.bind else environment.bind
    options = [
        f"--bind={host}:{environment.port}",
        "--workers=1",
        "--threads=8",
        "--graceful-timeout=2",
        "--no-control-socket",
    ]
    options += ["--access-logfile=-", "--access-logformat=%(m)s %(U)s %(s)s %(M)sms", "--log-level=warning"]
    return [sys.executable, "-m", "gunicorn", *options, *(["--reload"] if environment.debug else []), "portal.wsgi"]


def wait_for_web(environment: Environment, household: Household) -> bool:
    """Whether the site came to answer."""
    host, port = {"0.0.0.0": "localhost", "::": "localhost"}.get(environment.bind, environment.bind), environment.port
    until = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < until and not household.stopping:
        if any(program.process.poll() is not None for program in household.programs):
            return False
        try:
            with urlopen(f"http://{host}:{port}/healthz", timeout=2):
                return True
        except HTTPError:
            return True  # an answer all the same: production does not know itself by this name
        except (URLError, OSError):
            time.sleep(0.1)
    return False
