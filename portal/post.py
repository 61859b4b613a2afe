"""Mail that holds a secret (a code, a link): sealed while it waits in the queue, so that no row of ours can be used.

The ordinary mails of handoffs are made when they are sent (handoffs.delivery); these are known only once, to whoever
made the secret. No request waits for a mail server, and none takes longer because an address is known.
"""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils.crypto import salted_hmac

from handoffs.queue import MESSAGES, enqueue

LASTS = timedelta(hours=1)  # what could not be sent by then is asked for again by whoever wanted it
DELIVER = "portal.post.deliver"


def send_soon(mail: EmailMessage) -> None:
    """Queues a mail that belongs to no organization, in the caller's transaction where there is one."""
    enqueue(DELIVER, None, seal(mail), lane=MESSAGES)


def deliver(_: str, sealed: str) -> None:
    """The job: sends it; raises what the mail server answers, so that the queue tries again. Too old: not at all."""
    mail = unseal(sealed)
    if mail is not None:
        mail.send()


def seal(mail: EmailMessage) -> str:
    """The mail as a text that only this installation reads, and only for LASTS."""
    pages = [(str(content), str(kind)) for content, kind in getattr(mail, "alternatives", [])]
    words = {
        "subject": str(mail.subject),
        "body": str(mail.body),
        "from_email": mail.from_email,
        "to": list(mail.to),
        "headers": dict(mail.extra_headers),
        "alternatives": pages,
    }
    return _seals().encrypt(json.dumps(words).encode()).decode()


def unseal(sealed: str) -> EmailMultiAlternatives | None:
    """The mail again; None when it is too old, or sealed with a key that is ours no longer."""
    try:
        words: dict[str, Any] = json.loads(_seals().decrypt(sealed, ttl=int(LASTS.total_seconds())))
    except InvalidToken:
        return None
    pages = words.pop("alternatives")
    mail = EmailMultiAlternatives(**words)
    for content, kind in pages:
        mail.attach_alternative(content, kind)
    return mail


def _seals() -> MultiFernet:
    """Seals with the secret key; also opens what the keys before it have sealed."""
    return MultiFernet([_seal_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _seal_of(secret: str | bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("portal.post", "seal", secret, algorithm="sha256").digest()))


def seal_text(text: str) -> str:
    """A text that only this installation reads, for as long as the key is among its keys."""
    return _seals().encrypt(text.encode()).decode()


def unseal_text(sealed: str) -> str:
    """The text again. Raises cryptography's InvalidToken for what was sealed with another key."""
    return _seals().decrypt(sealed).decode()


def queue_for(organization_id: UUID, job: str, mail: EmailMessage, *args: Any) -> None:
    """Queues a job of an organization that gets `args` and then the sealed mail."""
    enqueue(job, organization_id, *args, seal(mail), lane=MESSAGES)
