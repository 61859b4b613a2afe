"""The mails in the directory where Django's file backend puts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

# Django writes each mail, a line feed, and this line; one file may hold several.
_END = b"\n" + b"-" * 79 + b"\n"
_NAME = re.compile(r"(?P<file>\d{8}-\d{6}-\d+)\.(?P<position>\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Mail:
    """One mail; `key` finds it again."""

    key: str
    message: EmailMessage

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def reader(self) -> str:
        """The name of the first whom it is written to, or the address."""
        name, address = parseaddr(self.to)
        return name or address

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sent_at(self) -> datetime | None:
        """When it says it was sent; None when it says nothing that is a time."""
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def newest(directory: Path, limit: int) -> list[Mail]:
    """The latest `limit` mails, newest first."""
    found: list[Mail] = []
    for file in sorted(directory.glob("*.log"), key=_age, reverse=True):
        found += reversed(list(_mails(file)))
        if len(found) >= limit:
            break
    return found[:limit]


def find(directory: Path, key: str) -> Mail | None:
    """The mail with this key, None when there is none; a key cannot lead out of the directory."""
    match = _NAME.fullmatch(key)
    file = directory / f"{match['file']}.log" if match else None
    if match is None or file is None or not file.is_file():
        return None
    return next((mail for mail in _mails(file) if mail.key == key), None)


def _age(file: Path) -> tuple[str, float]:
    """By the second in its name, and within that second by when it was written."""
    return file.name[:15], file.stat().st_mtime


def _mails(file: Path) -> Iterator[Mail]:
    for position, raw in enumerate(file.read_bytes().split(_END)):
        if raw.strip():
            yield Mail(f"{file.stem}.{position}", message_from_bytes(raw, policy=policy.default))
