"""A real mail server on this machine that behaves as badly as a test says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.test import override_settings

from tests.servers import free_port

FINE = "250 OK"


class Behaviour:
    """What it does with each mail: answers, hangs or breaks off. `taken` are the mails it has, also those denied."""

    def __init__(self) -> None:
        self.to_rcpt = self.to_data = FINE
        self.hangs = self.drops_after_data = False
        self.taken: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hangs:
            await asyncio.sleep(30)
        if self.to_rcpt == FINE:
            envelope.rcpt_tos.append(address)
        return self.to_rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        if self.to_data == FINE:
            self.taken.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        if self.drops_after_data:
            assert server.transport is not None
            server.transport.abort()
        return self.to_data

    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def mail_server(timeout: float = 1) -> Iterator[Behaviour]:
    """Listens, and is the mail server of the settings meanwhile."""
    behaviour = Behaviour()
    controller = Controller(behaviour, hostname="127.0.0.1", port=free_port())
    controller.start()
    used = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": controller.port,
        "EMAIL_TIMEOUT": timeout,
    }
    try:
        with override_settings(**used):
            assert controller.port == settings.EMAIL_PORT
            yield behaviour
    finally:
        controller.stop(no_assert=True)
