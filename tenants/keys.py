"""Secrets that are shown once and kept only as a hash."""

import secrets
from hashlib import sha256


def new_key(prefix: str) -> str:
    """A new random secret beginning with `prefix`; 256 bits, safe in an address and in a header."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def hash_of(key: str) -> str:
    """What is kept of a secret: its SHA-256 in hex. The secrets are long and random, so no salt is needed."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
