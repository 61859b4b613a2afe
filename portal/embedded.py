"""The embedded PostgreSQL: a supervisor over the binaries that come with a Python package.

It starts when it is first needed and keeps running, because web, worker and command line share it. It can be reached
only through a Unix socket in a private directory: who may enter that may do anything, nobody else can do anything.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from .environment import Unfit
from .lodging import Lodging

BOOTSTRAP = "bootstrap"  # the superuser: makes roles and databases, backs up; the application never uses it
APPLICATION = "handrail"  # the role and the database of the application
PORT = 5432  # only names the socket file: the server listens on no network

SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
}
# A test database may be lost in a power cut, so it need not wait for the disk.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# What the server says while children of a killed predecessor are still busy; they notice within moments.
ORPHANS = "pre-existing shared memory block"
ORPHAN_ATTEMPTS = 20

# Sorts the same on every system, whatever locales it has; PostgreSQL knows this since 17.
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


@dataclass(frozen=True)
class Server:
    """One embedded server: where it lives and how it is tuned."""

    lodging: Lodging
    settings: Mapping[str, str]
    locale: Sequence[str] = BUILTIN_LOCALE

    @property
    def host(self) -> str:
        """The directory of its socket, which is how clients name a server without a network."""
        return str(self.lodging.sockets)

    def connect(self, database: str = "postgres", user: str = BOOTSTRAP) -> psycopg.Connection:
        """A connection of its own, each statement its own transaction."""
        return psycopg.connect(
            host=self.host, port=PORT, dbname=database, user=user, autocommit=True, connect_timeout=10
        )

    def answers(self) -> bool:
        """Whether somebody can connect now; a pid file would only tell that somebody once could."""
        try:
            with self.connect(APPLICATION, APPLICATION):
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Make the server answer, whatever state it was left in; cheap when it already does."""
        if self.answers():
            return
        with self._lock():
            if self.answers():
                return
            if not (self.lodging.data / "PG_VERSION").exists():
                self._create()
            if not self._is_ready():
                self._launch()
            self._ensure_role_and_database()

    def stop(self) -> bool:
        """Stop the server, breaking off what runs; tells whether there was one to stop."""
        with self._lock():
            if not self.is_running():
                return False
            self._run("pg_ctl", "-D", self.lodging.data, "-m", "fast", "-w", "-t", "60", "stop")
            return True

    def is_running(self) -> bool:
        """Whether its process lives, answering or not."""
        pid = self._pid()
        return pid is not None and _is_postgres(pid, self.lodging.data)

    def client(self, tool: str, *arguments: str, database: str = APPLICATION) -> list[str]:
        """The command line of one of PostgreSQL's own tools, connected as the superuser."""
        options = ["-h", self.host, "-p", str(PORT), "-U", BOOTSTRAP, "-d", database]
        return [str(self.lodging.binaries / tool), *options, *arguments]

    def _create(self) -> None:
        """Lay out the data directory beside its place and move it in when it is whole."""
        half = self.lodging.home / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        self._run(
            "initdb",
            *("-D", half, "-U", BOOTSTRAP, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
            *self.locale,
        )
        half.rename(self.lodging.data)

    def _launch(self) -> None:
        if self.is_running():
            # It lives and does not answer, for example because its socket was swept from a temporary directory.
            self._run("pg_ctl", "-D", self.lodging.data, "-m", "immediate", "-w", "-t", "30", "stop")
        self._forget_the_dead()
        options = {"listen_addresses": "", "unix_socket_directories": self.host, **self.settings}
        flags = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
        for attempt in range(ORPHAN_ATTEMPTS):
            try:
                return self._run(
                    "pg_ctl", "-D", self.lodging.data, "-l", self.lodging.log, "-o", flags, "-w", "-t", "60", "start"
                )
            except Unfit:
                if attempt + 1 == ORPHAN_ATTEMPTS or ORPHANS not in self._last_words():
                    raise
                time.sleep(0.5)

    def _forget_the_dead(self) -> None:
        """Unlock what a dead server left locked, when its number still is, or again is, that of some process."""
        if self._pid() is None:
            return
        file = self.lodging.data / "postmaster.pid"
        # The file stays, because PostgreSQL reads in it whether orphans of the dead server still use its memory. Only
        # the number is replaced, by ours: PostgreSQL knows that whoever starts it is no server.
        file.write_text("\n".join([str(os.getpid()), *file.read_text().split("\n")[1:]]))
        (self.lodging.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _ensure_role_and_database(self) -> None:
        role = sql.Identifier(APPLICATION)
        with self.connect() as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [APPLICATION]).fetchone():
                # A plain role: row-level security binds it, which it would not bind a superuser.
                connection.execute(sql.SQL("create role {} login createdb").format(role))
            if not connection.execute("select 1 from pg_database where datname = %s", [APPLICATION]).fetchone():
                connection.execute(sql.SQL("create database {} owner {}").format(role, role))

    def _is_ready(self) -> bool:
        """Whether it answers, after waiting out a start or a recovery that is under way."""
        probe = [str(self.lodging.binaries / "pg_isready"), "-h", self.host, "-p", str(PORT), "-t", "5", "-q"]
        for _ in range(120):
            code = subprocess.run(probe, cwd="/", check=False).returncode
            if code != 1:  # 1: alive, not yet taking connections
                return code == 0
            time.sleep(0.25)
        return False

    def _pid(self) -> int | None:
        try:
            return int((self.lodging.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _run(self, tool: str, *arguments: str | Path) -> None:
        """Run a tool as the server's account; raises Unfit with what it and the server's log had to say."""
        command = [str(self.lodging.binaries / tool), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **self.lodging.identity())
        if done.returncode:
            raise Unfit([f"The embedded PostgreSQL failed in {tool}: {done.stderr.strip()}{self._last_words()}"])

    def _last_words(self) -> str:
        log = self.lodging.log
        lines = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        return "".join(f"\n    {line}" for line in lines)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One supervisor at a time, however many commands start at once."""
        self.lodging.prepare()
        path = self.lodging.home / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self.lodging.adopt(path)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether this process is the server of this data directory; a number alone may have gone to another process."""
    try:
        return str(data) in psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
