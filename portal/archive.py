"""Backing up the embedded database into a file, and restoring it from one."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

from psycopg import sql

from .embedded import APPLICATION, Server
from .environment import Unfit


def backup(server: Server, file: Path) -> None:
    """Dump the database into the file, whole or not at all; raises Unfit with what pg_dump said.

    The superuser dumps: to the application's role, row-level security would show no rows, and the dump would be empty
    without complaint.
    """
    half = file.with_name(file.name + ".part")
    try:
        # Everything every organization entrusted to us is in this file: nobody else may read it.
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Unfit([f"{file} cannot be written: {error.strerror}."]) from None
    with os.fdopen(descriptor, "wb") as target:
        done = subprocess.run(
            server.client("pg_dump", "--format=custom"), stdout=target, stderr=subprocess.PIPE, check=False
        )
    if done.returncode:
        half.unlink()
        raise Unfit([f"The backup failed: {done.stderr.decode(errors='replace').strip()}"])
    half.replace(file)


def restore(server: Server, file: Path, *, at: datetime) -> str:
    """Restore the file into a fresh database and let it take the place of the present one.

    Returns the name under which the present one is kept. Raises Unfit, with nothing changed, when the file cannot be
    restored whole or when somebody is using the database.
    """
    if not file.is_file():
        raise Unfit([f"There is no file {file}."])
    fresh, former = f"{APPLICATION}_restoring", f"{APPLICATION}_until_{at:%Y%m%d_%H%M%S}"
    _refuse_while_used(server)
    _execute(server, "drop database if exists {}", fresh)
    _execute(server, "create database {} owner {} template template0", fresh, APPLICATION)
    with file.open("rb") as source:
        # Owners and rights come from the dump: they are part of what keeps the ledger append-only.
        command = server.client("pg_restore", "--exit-on-error", "--single-transaction", database=fresh)
        done = subprocess.run(command, stdin=source, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        _execute(server, "drop database {}", fresh)
        raise Unfit([f"Nothing was restored: {done.stderr.decode(errors='replace').strip()}"])
    _refuse_while_used(server)
    _execute(server, "alter database {} rename to {}", APPLICATION, former)
    _execute(server, "alter database {} rename to {}", fresh, APPLICATION)
    return former


def _refuse_while_used(server: Server) -> None:
    with server.connect() as connection:
        used = connection.execute("select count(*) from pg_stat_activity where datname = %s", [APPLICATION]).fetchone()
    if used and used[0]:
        raise Unfit([f"The database is in use ({used[0]} connections): stop Handrail first."])


def _execute(server: Server, statement: str, *names: str) -> None:
    with server.connect() as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
