"""How mail leaves: a mail server by its address, or any other Django mail backend with its settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Mail:
    """The mail server to send through."""

    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool


def parse_mail(raw: str) -> Mail:
    """A mail server as smtp://user:password@host:port; smtps:// is TLS from the start, smtp+tls:// is STARTTLS."""
    parts = urlsplit(raw)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ValueError(raw)
    return Mail(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )


def parse_dotted(raw: str) -> str:
    """The dotted name of a class."""
    parts = raw.split(".")
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        raise ValueError(raw)
    return raw


def parse_settings(raw: str) -> Mapping[str, Any]:
    """Settings of a library by their names; none of ours among them."""
    found = json.loads(raw)
    if not isinstance(found, dict) or not all(name.isidentifier() and name.isupper() for name in found):
        raise ValueError(raw)
    return found
