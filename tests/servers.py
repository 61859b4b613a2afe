"""PostgreSQL servers of a test's own, made by the supervisor under test and gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from portal.embedded import APPLICATION, BUILTIN_LOCALE, QUICK, SETTINGS, Server
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


def url(server: Server) -> str:
    """What DATABASE_URL would have to be to use this server."""
    return f"postgresql://{APPLICATION}@{quote(server.host, safe='')}:5432/{APPLICATION}"
