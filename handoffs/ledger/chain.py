"""The hash chain of one handoff's events: each digest covers the event and the digest before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the previous digest and the canonical JSON of `content` (sorted keys, no spaces)."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def instant(at: datetime) -> str:
    """An instant as it enters the digest: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
