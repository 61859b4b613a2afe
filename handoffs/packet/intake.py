"""What a file is, read from its bytes: size, SHA-256, media type."""

import hashlib
from dataclasses import dataclass
from typing import Any

import puremagic
from django.core.files import File

_HEAD = 8192
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Measured:
    """Size in bytes, SHA-256 in hex, media type by content."""

    size: int
    sha256: str
    media_type: str


def measure(file: File[Any]) -> Measured:
    """Reads the file once in chunks and leaves it at its start."""
    sha, size, head = hashlib.sha256(), 0, b""
    file.seek(0)
    for chunk in file.chunks():
        head = head or chunk[:_HEAD]
        sha.update(chunk)
        size += len(chunk)
    file.seek(0)
    return Measured(size, sha.hexdigest(), media_type(head, str(file.name or "")))


def media_type(head: bytes, name: str) -> str:
    """The type by the first bytes. The name only chooses among types that share one container, such as a zip."""
    if _is_text(head):
        # Text has no signature; markup is called what it is, so that nobody mistakes it for something harmless.
        start = head.lstrip()[:200].lower()
        if start.startswith((b"<!doctype html", b"<html")):
            return "text/html"
        if b"<svg" in start:
            return "image/svg+xml"
        return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    try:
        found = puremagic.from_string(head, mime=True, filename=name)
    except (puremagic.PureError, ValueError):
        return _UNKNOWN
    return found or _UNKNOWN


def _is_text(head: bytes) -> bool:
    if head.startswith(b"%PDF") or b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two at the end of the sample is still text.
        return error.start > len(head) - 4 and len(head) == _HEAD
    return True
