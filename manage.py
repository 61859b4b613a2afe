#!/usr/bin/env python
"""The command line of Handrail: `manage.py help` lists what it can do."""

import os
import sys

from portal import database
from portal.environment import Unfit

# These look after the server themselves, or must work when it cannot be started.
WITHOUT_SERVER = {"database", "run", "help", "--help", "version", "--version", "collectstatic"}


def main() -> None:
    """Start the embedded database server if a command needs it, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        if sys.argv[1:] and sys.argv[1] not in WITHOUT_SERVER:
            database.start()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except Unfit as unfit:
        sys.exit(str(unfit))


if __name__ == "__main__":
    main()
