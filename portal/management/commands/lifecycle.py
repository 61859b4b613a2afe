"""`manage.py lifecycle`: write docs/lifecycle.md from the rulebook; with --check, only tell whether it is in step."""

from argparse import ArgumentParser
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import rulebook
from portal.environment import ROOT

PAGE = ROOT / "docs" / "lifecycle.md"


class Command(BaseCommand):
    """The page is made, never written: the rulebook is the only place where rules are changed."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the page lies, and whether to look only."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail with the difference")
        parser.add_argument("--file", type=Path, default=PAGE, help="the page (docs/lifecycle.md)")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write the page, or fail with a diff when it is not what the rulebook says."""
        file, wanted = options["file"], rulebook.page()
        present = file.read_text(encoding="utf-8") if file.exists() else ""
        if not options["check"]:
            file.write_text(wanted, encoding="utf-8")
            self.stdout.write(f"{file.name} is as it was." if present == wanted else f"{file.name} is written anew.")
        elif present != wanted:
            lines = unified_diff(present.splitlines(), wanted.splitlines(), "as it is", "as it should be", lineterm="")
            raise CommandError("\n".join([f"{file.name} is out of step: run `manage.py lifecycle`.", *lines]))
