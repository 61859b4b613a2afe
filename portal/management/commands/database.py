"""`manage.py database`: look at, stop, enter, back up and restore the embedded PostgreSQL."""

import os
import subprocess
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal import archive, database
from portal.environment import Unfit, current


class Command(BaseCommand):
    """One word after the command says what to do."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("status", help="whether it runs, where it lives, how large it is")
        words.add_parser("stop", help="stop it; the next command starts it again")
        words.add_parser(
            "shell", help="psql as the superuser; start it with --application to see what the rows' wall sees"
        )
        words.choices["shell"].add_argument("--application", action="store_true", help="as the application's role")
        for word, purpose in (("backup", "write everything into FILE"), ("restore", "replace everything by FILE")):
            words.add_parser(word, help=purpose).add_argument("file", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        word = str(options["word"])
        if not database.is_embedded(current()):
            raise CommandError(f"DATABASE_URL is set, and that server is yours to look after: {INSTEAD[word]}")
        try:
            getattr(self, word)(options)
        except Unfit as unfit:
            raise CommandError("\n".join(unfit.problems)) from None

    def status(self, options: dict[str, object]) -> None:
        """Say whether it runs; a look starts nothing."""
        server = database.server()
        if not server.answers():
            raise CommandError(f"The embedded PostgreSQL is not running. Its data: {server.lodging.data}")
        with server.connect("handrail") as connection:
            row = connection.execute(DESCRIPTION).fetchone()
        assert row
        version, size, clients = row
        self.stdout.write(
            f"PostgreSQL {version} is running: {size}, {clients} connections. Its data: {server.lodging.data}"
        )

    def stop(self, options: dict[str, object]) -> None:
        """Stop it, whoever is connected."""
        stopped = database.server().stop()
        self.stdout.write("The embedded PostgreSQL has stopped." if stopped else "It was not running.")

    def shell(self, options: dict[str, object]) -> None:
        """Become psql."""
        database.start()
        server = database.server()
        command = server.client("psql", *(["-U", "handrail"] if options["application"] else []))
        raise SystemExit(subprocess.run(command, check=False).returncode)

    def backup(self, options: dict[str, object]) -> None:
        """Write a dump that only its owner may read, whole or not at all."""
        database.start()
        file = Path(str(options["file"]))
        archive.backup(database.server(), file)
        self.stdout.write(f"Written to {file} ({os.path.getsize(file):,} bytes).")
        self.stdout.write(f"Documents are files of their own: copy {current().documents_root} as well.")

    def restore(self, options: dict[str, object]) -> None:
        """Put a dump in the place of what is there, which is kept under another name."""
        database.start()
        former = archive.restore(database.server(), Path(str(options["file"])), at=datetime.now(UTC))
        self.stdout.write(f"Restored. What was there before is kept as the database {former} until you drop it.")


DESCRIPTION = """
    select current_setting('server_version'), pg_size_pretty(pg_database_size(current_database())),
           (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid())
"""

INSTEAD = {
    "status": "ask it with `psql $DATABASE_URL`.",
    "stop": "stop it the way it was started.",
    "shell": "use `psql $DATABASE_URL`.",
    "backup": "use its `pg_dump` as a role that row-level security does not bind, or the dump will be empty.",
    "restore": "create a fresh database and use its `pg_restore --no-owner --role` with the application's role.",
}
