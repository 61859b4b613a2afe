"""Invitations by mail: the secret is in the mail and nowhere else, so that only the reader of the mailbox can use it.

Whoever invites never sees it. A login belongs to all organizations: somebody who could open an invitation that is not
theirs would own the login of a stranger's address.
"""

from datetime import datetime
from email.utils import formataddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from handoffs.delivery.mail import explain, inline
from portal.post import queue_for, unseal
from tenants.actions import invite
from tenants.models import Invitation, Member
from tenants.scope import scope

MAIL = "portal.invitations.mail"


def invite_by_mail(*, by: Member, at: datetime, **given: Any) -> Invitation:
    """Invites and queues the mail in the same transaction. The arguments and refusals of `tenants.actions.invite`."""
    invitation, key = invite(**given, by=by, at=at)
    queue_for(by.organization_id, MAIL, compose(invitation, key, by), invitation.pk)
    return invitation


def mail(organization_id: str, pk: int, sealed: str) -> None:
    """The job: sends the mail of an invitation that is still open, and writes down how that went."""
    here = UUID(organization_id)
    with scope(here):
        open_one = Invitation.objects.filter(organization_id=here, pk=pk, accepted_at=None, withdrawn_at=None).exists()
    message = unseal(sealed) if open_one else None
    if message is None:
        return
    try:
        message.send()
    except Exception as failure:
        explained = explain(failure)
        _note(here, pk, mail_failure=explained.words[:200])
        if explained.is_final:
            return
        raise
    _note(here, pk, mailed_at=timezone.now(), mail_failure="")


def compose(invitation: Invitation, key: str, by: Member) -> EmailMultiAlternatives:
    """The mail with the link."""
    organization = by.organization
    facts = {
        "invitation": invitation,
        "organization": organization,
        "by": by,
        "link": f"{settings.HANDRAIL_ADDRESS}/join/{key}/",
    }
    message = EmailMultiAlternatives(
        subject=" ".join(f"{by.name} invites you to {organization.name}".split()),
        body=render_to_string("emails/invitation.txt", facts),
        to=[formataddr(("", invitation.email))],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    message.attach_alternative(inline(render_to_string("emails/invitation.html", facts)), "text/html")
    return message


def state_of(invitation: Invitation, at: datetime) -> str:
    """In one word: Joined, Withdrawn, Expired or Open."""
    if invitation.accepted_at:
        return "Joined"
    if invitation.withdrawn_at:
        return "Withdrawn"
    return "Expired" if invitation.expires_at <= at else "Open"


def _note(organization_id: UUID, pk: int, **facts: Any) -> None:
    with scope(organization_id):
        Invitation.objects.filter(organization_id=organization_id, pk=pk).update(**facts)
