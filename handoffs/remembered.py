"""What a request was answered, by the key its sender gave it: sent again it gets that answer, and does nothing more."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, models

from handoffs.refusals import Invalid
from tenants.models import Member, TenantForeignKey, TenantModel

KEPT_FOR = timedelta(days=1)


class RememberedAnswer(TenantModel):
    """One request of one member, under a key of their own choice."""

    member = TenantForeignKey(Member, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "member", "key"], name="remembered_key_once")]
        indexes = [models.Index(fields=["at"], name="remembered_at")]

    def __str__(self) -> str:
        return self.key


def once(do: Callable[[], str], *, member: Member, key: str, request: str, at: datetime) -> str:
    """What `do` answers, or what it answered when this member sent `request` (a digest) under this key before.

    The row is written first, so of two requests at the same instant one waits here until the other's transaction has
    ended. A request that was refused or failed leaves no row behind and may be tried again under its key. Raises
    `Invalid` idempotency_key_reused when the key was given to another request.
    """
    if _take(member, key, request, at):
        answer = do()
        _of(member, key).update(answer=answer)
        return answer
    known = _of(member, key).first()
    if known is None:  # forgotten in this very instant
        return once(do, member=member, key=key, request=request, at=at)
    if known.request != request:
        raise Invalid(
            "This Idempotency-Key came with another request before; give each new request a key of its own.",
            code="idempotency_key_reused",
        )
    return known.answer


def forget(at: datetime) -> None:
    """Forgets what is older than `KEPT_FOR`; in whatever scope is in force."""
    RememberedAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()


def _of(member: Member, key: str) -> "models.QuerySet[RememberedAnswer]":
    return RememberedAnswer.objects.filter(organization_id=member.organization_id, member=member, key=key)


def _take(member: Member, key: str, request: str, at: datetime) -> bool:
    """Whether the key was free and is this request's now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO handoffs_rememberedanswer (organization_id, member_id, key, request, answer, at) "
            "VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (organization_id, member_id, key) DO NOTHING",
            [member.organization_id, member.pk, key, request, at],
        )
        return bool(cursor.rowcount == 1)
