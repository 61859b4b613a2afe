"""The invariant and the wall hold on the oldest PostgreSQL that is supported, too."""

import os
import subprocess
import sys

import pytest

from portal.environment import ROOT
from tests.servers import OLDEST_BINARIES, own_server, url

SAME = ("tests/handoffs/custody/test_invariant.py", "tests/handoffs/test_path.py", "tests/walls/test_catalog.py")


@pytest.mark.skipif(not OLDEST_BINARIES.is_dir(), reason="PostgreSQL 15 is not installed; CI installs it")
@pytest.mark.timeout(300)
def test_the_same_tests_pass_on_15() -> None:
    with own_server("postgres-15", OLDEST_BINARIES) as server:
        server.start()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "DATABASE_URL": url(server),
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SAME],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
