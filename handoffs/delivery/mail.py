"""The mail channel: letters and digests as text and HTML, with a Message-ID that never changes, threaded by handoff."""

import smtplib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from handoffs.delivery.digest_letter import DigestLetter
from handoffs.delivery.letter import Letter, letter
from handoffs.delivery.models import Digest, Message, Notice
from handoffs.delivery.parcel import Failure, Parcel, Target, Telling
from handoffs.delivery.report_letter import ReportLetter
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from tenants.models import Member

# Mail readers drop style sheets; nothing is fetched from anywhere to find one. What is for dark screens stays a rule.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def reaches(member: Member) -> bool:
    """Whether there is an address to write to."""
    return member.user is not None and bool(member.user.email)


def targets(told: Sequence[Telling]) -> Iterator[tuple[Event, Target]]:
    """Everybody told who has an address."""
    for event, _, people in told:
        yield from ((event, Target(reference(event, member), member=member)) for member in people if reaches(member))


def reference(event: Event, member: Member) -> str:
    """The Message-ID: a message that is sent twice is shown once."""
    return f"<event-{event.id}.member-{member.id}@{host()}>"


def pack(message: Message, handoff: Handoff, *, at: datetime) -> Parcel:
    """The mail as bytes would go; handing it over opens the connection, and raises what the mail server answers."""
    mail = compose(message, handoff, at=at)
    return lambda: _hand_over(mail)


def pack_digest(digest: Digest, letter: DigestLetter | ReportLetter) -> Parcel:
    """The same for a digest or a report."""
    mail = compose_digest(digest, letter)
    return lambda: _hand_over(mail)


def explain(failure: Exception) -> Failure:
    """A refused address bounces, refused content is final too; all else may pass."""
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused) if refused:
            code, words = next(iter(refused.values()))
            permanent = 500 <= code < 600
            return Failure(f"the mail server refused the address ({_answer(code, words)})", permanent, permanent)
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words):
            return Failure(f"the mail server refused the mail ({_answer(code, words)})", 500 <= code < 600)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return Failure(f"the mail server turned us away ({_answer(code, words)})")
        case OSError():
            return Failure("the mail server could not be reached, or broke off")
    return Failure("it could not be made ready")


def plain(message: Message, handoff: Handoff, *, at: datetime) -> tuple[str, str]:
    """Subject and text of the mail about one event."""
    words = _letter(message, handoff, at)
    assert message.member is not None
    facts = {"letter": words, "handoff": handoff, "organization": message.member.organization}
    return words.subject, render_to_string("emails/letter.txt", facts)


def compose(message: Message, handoff: Handoff, *, at: datetime) -> EmailMultiAlternatives:
    """The mail about one event."""
    reader = message.member
    assert reader is not None
    words = _letter(message, handoff, at)
    facts = {"letter": words, "handoff": handoff, "organization": reader.organization}
    # All mails of a handoff answer one that was never sent, so that readers show them as one conversation.
    thread = f"<handoff-{handoff.id}@{host()}>"
    return _mail(
        "letter", words.subject, facts, reader, message.reference, {"In-Reply-To": thread, "References": thread}
    )


def _letter(message: Message, handoff: Handoff, at: datetime) -> Letter:
    event, reader = message.event, message.member
    assert reader is not None
    notices = Notice.objects.filter(organization_id=message.organization_id, event=event, member=reader, message=None)
    notice = notices.first()
    return letter(event, handoff, reader, notice.why if notice else "", at=at)


def compose_digest(digest: Digest, letter: DigestLetter | ReportLetter) -> EmailMultiAlternatives:
    """The mail of a digest or a report, which can be switched off from the mail reader."""
    facts = {"letter": letter, "organization": letter.reader.organization}
    headers = {
        "List-Unsubscribe": f"<{letter.stop_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return _mail(letter.kind, letter.subject, facts, letter.reader, digest.reference, headers)


def _mail(
    template: str, subject: str, facts: dict[str, Any], reader: Member, reference: str, headers: dict[str, str]
) -> EmailMultiAlternatives:
    assert reader.user is not None
    own = {"Message-ID": reference, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{template}.txt", facts),
        to=[formataddr((" ".join(reader.name.split()), reader.user.email))],
        headers=own | headers,
    )
    mail.attach_alternative(inline(render_to_string(f"emails/{template}.html", facts)), "text/html")
    return mail


def inline(page: str) -> str:
    """An HTML mail with its styles at each element."""
    return str(_inliner.inline(page))


def _hand_over(mail: EmailMultiAlternatives) -> None:
    mail.send()


def _answer(code: int, words: Any) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(said.split())}"[:160]


def host() -> str:
    """The host in the ids of our mails."""
    return urlsplit(settings.HANDRAIL_ADDRESS).hostname or "localhost"
