"""How many queries each page and verb takes, pinned in pinned_queries.json; `PIN_QUERIES=1 pytest` writes it anew."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

PINNED = Path(__file__).with_name("pinned_queries.json")


@contextmanager
def pinned(name: str) -> Iterator[None]:
    """The block takes as many queries as are pinned under this name; more or fewer is news."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        yield
    known = json.loads(PINNED.read_text()) if PINNED.exists() else {}
    if os.environ.get("PIN_QUERIES"):
        known[name] = len(seen)
        PINNED.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n")
        return
    listed = "\n".join(str(query["sql"])[:160] for query in seen.captured_queries)
    assert len(seen) == known.get(name), f"{name} took {len(seen)} queries, pinned are {known.get(name)}:\n{listed}"
