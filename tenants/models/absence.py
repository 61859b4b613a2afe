"""When a member is away, and who stands in."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from tenants.models.base import TenantForeignKey, TenantModel


def in_force(at: datetime, path: str = "") -> Q:
    """The condition of being in force at `at`, for absences that are reached by `path`, such as "absences__"."""
    cancelled = Q(**{f"{path}cancelled_at": None}) | Q(**{f"{path}cancelled_at__gt": at})
    return cancelled & Q(**{f"{path}starts_at__lte": at, f"{path}ends_at__gt": at})


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by time."""

    def in_force(self, at: datetime) -> "AbsenceQuerySet":
        """Those during which `at` falls, unless they had been cancelled by then."""
        return self.filter(in_force(at))

    def to_come(self, at: datetime) -> "AbsenceQuerySet":
        """Those that are not over, whether they have begun or not, soonest first."""
        return self.filter(cancelled_at=None, ends_at__gt=at).order_by("starts_at", "id")


class Absence(TenantModel):
    """One stretch [starts_at, ends_at) in which a member takes no work, and what they answered for moves on.

    A row is never changed but to be cancelled: other dates make another row, so that it stays known who was thought to
    be away when. Absences of one member that are not cancelled do not overlap, which `add_absence` sees to under the
    lock of the member's row.
    """

    member = TenantForeignKey("tenants.Member", related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    substitute = TenantForeignKey("tenants.Member", null=True, blank=True, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    recorded_by = TenantForeignKey("tenants.Member", related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_by = TenantForeignKey("tenants.Member", null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # When the worker saw that it had begun; what the member answered for moves on then.
    begun_at = models.DateTimeField(null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_time_forward"),
            models.CheckConstraint(condition=~Q(substitute=F("member")), name="absence_substitute_is_another"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="absence_cancelled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "member", "ends_at"], name="absence_of_member"),
            models.Index(
                fields=["starts_at"],
                condition=Q(begun_at__isnull=True, cancelled_at__isnull=True),
                name="absence_to_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} from {self.starts_at:%Y-%m-%d %H:%M} until {self.ends_at:%Y-%m-%d %H:%M}"

    def is_over(self, at: datetime) -> bool:
        """Whether it changes nothing any more."""
        return self.cancelled_at is not None or self.ends_at <= at
