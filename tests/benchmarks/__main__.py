"""`python -m tests.benchmarks [--small N] [--large N] [--calls N] [--only NAME …]`: two sizes, `.data/bench.json`."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("HANDRAIL_TEST", "1")
os.environ.setdefault("HANDRAIL_TEST_SUFFIX", "_bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

import psycopg
from django.conf import settings
from django.db import connection

from portal import database
from portal.environment import current
from tests.benchmarks import seed
from tests.benchmarks.cases import Bench
from tests.benchmarks.measure import Measured

SMALL, LARGE, CALLS = 10_000, 1_000_000, 100
RUNNING = (1_000, 100_000)  # cases of flows that run, at the two sizes


def main() -> int:
    """Builds, measures, grows, measures again, reports."""
    arguments = _arguments()
    if not database.is_embedded(current()):
        print("The benchmark uses the embedded server: unset DATABASE_URL.", file=sys.stderr)
        return 2
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    database.start()
    with _own_database(), _connections() as (superuser, plain):
        seed.organizations(superuser)
        results = []
        sizes = ((1, arguments.small, RUNNING[0]), (arguments.small + 1, arguments.large, RUNNING[1]))
        for first, last, running in sizes:
            print(f"Making handoffs {first:,} to {last:,} …", file=sys.stderr, flush=True)
            seed.handoffs(superuser, first, last)
            print(f"Measuring at {last:,} …", file=sys.stderr, flush=True)
            calls = min(arguments.calls, 40 if last <= SMALL else arguments.calls)
            bench = Bench(superuser, plain, seed.place(superuser, 1))
            results.append(list(bench.all(calls, arguments.only, running)))
    _report(*results, sizes=(arguments.small, arguments.large))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--only", nargs="*", default=(), help="names of cases; without, all of them")
    return parser.parse_args()


@contextmanager
def _own_database() -> Iterator[None]:
    former = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


@contextmanager
def _connections() -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    name, server = str(connection.settings_dict["NAME"]), database.server()
    with server.connect(name) as superuser, server.connect(name, "handrail") as plain:
        yield superuser, plain


def _report(small: list[Measured], large: list[Measured], sizes: tuple[int, int]) -> None:
    heads = f"{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'SQL ms':>10}{'× SQL':>8}{'stmts':>7}{'growth':>8}"
    print(f"\n{'':14}{heads}   {sizes[0]:,} → {sizes[1]:,}")
    rows = []
    for before, after in zip(small, large, strict=True):
        growth = after.ours.p50 / before.ours.p50
        rows.append(
            {
                "name": after.name,
                "p50_ms": round(after.ours.p50, 3),
                "p95_ms": round(after.ours.p95, 3),
                "p99_ms": round(after.ours.p99, 3),
                "limit_ms": round(after.by_hand.p50, 3),
                "statements": after.statements,
                "growth": round(growth, 2),
            }
        )
        ratio = after.ours.p50 / after.by_hand.p50
        print(
            f"{after.name:14}{after.ours.p50:10.2f}{after.ours.p95:10.2f}{after.ours.p99:10.2f}{after.by_hand.p50:10.2f}{ratio:8.1f}"
            f"{after.statements:7}{growth:8.2f}   {before.ours.p50:.2f} → {after.ours.p50:.2f}"
        )
    path = current().data / "bench.json"
    path.write_text(json.dumps(rows, indent=2) + "\n")
    print(f"\nWritten to {path}.")


if __name__ == "__main__":
    sys.exit(main())
