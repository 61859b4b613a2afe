"""PostgreSQL servers of a test's own, made by the supervisor under test and gone afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from portal.embedded import APPLICATION, BUILTIN_LOCALE, QUICK, SETTINGS, Server
from portal.environment import ROOT
from portal.lodging import lodge

OLDEST_BINARIES = Path("/usr/lib/postgresql/15/bin")  # Debian's


@contextmanager
def somewhere() -> Iterator[Path]:
    """A short directory that an unprivileged account can reach, which pytest's own is not for root."""
    place = Path(tempfile.mkdtemp(prefix="handrail-test-", dir="/var/tmp"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def own_server(home: str = "postgres", binaries: Path | None = None) -> Iterator[Server]:
    """A server that was not started yet; of the wheel's version, or an older one by its binaries."""
    with somewhere() as place:
        lodging = lodge(place / "data" / home)
        locale = ("--locale=C.UTF-8",) if binaries else BUILTIN_LOCALE
        lodging = replace(lodging, binaries=binaries or lodging.binaries)
        server = Server(lodging, {**SETTINGS, **QUICK, "shared_buffers": "32MB"}, locale)
        try:
            yield server
        finally:
            server.stop()
            shutil.rmtree(lodging.sockets, ignore_errors=True)


@contextmanager
def newcomer() -> Iterator[dict[str, str]]:
    """The environment of somebody who has just cloned, with a data directory and a port of their own."""
    ours = ("HANDRAIL_", "PYTEST_", "DJANGO_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with somewhere() as place:
        environ = {**kept, "HANDRAIL_DATA": str(place / "data"), "PORT": str(free_port())}
        try:
            yield environ
        finally:
            subprocess.run([sys.executable, "manage.py", "database", "stop"], cwd=ROOT, env=environ, check=True)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url(server: Server) -> str:
    """What DATABASE_URL would have to be to use this server."""
    return f"postgresql://{APPLICATION}@{quote(server.host, safe='')}:5432/{APPLICATION}"
