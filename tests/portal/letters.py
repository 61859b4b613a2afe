"""What lies in a mailbox once the worker has done its part."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from tests.handoffs.worker import work_off


def last_mail_to(address: str) -> EmailMessage:
    """The newest mail to this address."""
    work_off()
    return next(m for m in reversed(mail.outbox) if any(address in to for to in m.to))


def mailed_key(address: str) -> str:
    """The secret in the link of the newest invitation."""
    found = re.search(r"/join/(hi_[\w-]{43})/", str(last_mail_to(address).body))
    assert found is not None
    return found[1]
