"""Starting an organization by oneself: a mail to prove the address, then one page that founds it."""

from email.utils import formataddr

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string

from handoffs.delivery.mail import inline
from portal.post import send_soon

SALT = "portal.beginning"
LASTS_SECONDS = 24 * 3600
LIMITS = {"begin": "20/m/ip,3/m/key"}


def may_ask(request: HttpRequest, email: str) -> bool:
    """Whether this place and this address have not asked too often; counted across processes."""
    return consume(request, app="portal", action="begin", config=LIMITS, key=email) is not None


def send_link(email: str) -> None:
    """Queues the mail with the link, which is good for a day. Known and unknown addresses get the same."""
    link = f"{settings.HANDRAIL_ADDRESS}/begin/{signing.dumps(email, salt=SALT)}/"
    facts = {"link": link, "email": email}
    mail = EmailMultiAlternatives(
        subject="Start your organization on Handrail",
        body=render_to_string("emails/begin.txt", facts),
        to=[formataddr(("", email))],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    mail.attach_alternative(inline(render_to_string("emails/begin.html", facts)), "text/html")
    send_soon(mail)


def address_in(token: str) -> str | None:
    """The confirmed address a link carries; None when it is not ours or too old."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=LASTS_SECONDS))
    except signing.BadSignature:
        return None
