"""The mail channel: a letter as text and HTML, with a Message-ID that never changes, threaded by handoff."""

from datetime import datetime
from email.utils import formataddr
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from handoffs.delivery.letter import letter
from handoffs.delivery.models import Message, Notice
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from tenants.models import Member

# Mail readers drop style sheets; nothing is fetched from anywhere to find one.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def reaches(member: Member) -> bool:
    """Whether there is an address to write to."""
    return member.user is not None and bool(member.user.email)


def reference(event: Event, member: Member) -> str:
    """The Message-ID: a message that is sent twice is shown once."""
    return f"<event-{event.id}.member-{member.id}@{_host()}>"


def send(message: Message, handoff: Handoff, *, at: datetime) -> None:
    """Hands the mail to the mail server of the settings; raises what that raises."""
    compose(message, handoff, at=at).send()


def compose(message: Message, handoff: Handoff, *, at: datetime) -> EmailMultiAlternatives:
    """The mail, ready to be sent."""
    event, reader = message.event, message.member
    notice = Notice.objects.filter(organization_id=message.organization_id, event=event, member=reader).first()
    words = letter(event, handoff, reader, notice.why if notice else "", at=at)
    facts = {"letter": words, "handoff": handoff, "organization": reader.organization}
    assert reader.user is not None
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=render_to_string("emails/letter.txt", facts),
        to=[formataddr((" ".join(reader.name.split()), reader.user.email))],
        headers=_headers(message, handoff),
    )
    mail.attach_alternative(_inliner.inline(render_to_string("emails/letter.html", facts)), "text/html")
    return mail


def _headers(message: Message, handoff: Handoff) -> dict[str, str]:
    # All mails of a handoff answer one that was never sent, so that readers show them as one conversation.
    thread = f"<handoff-{handoff.id}@{_host()}>"
    return {
        "Message-ID": message.reference,
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _host() -> str:
    return urlsplit(settings.HANDRAIL_ADDRESS).hostname or "localhost"
