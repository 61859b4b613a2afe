"""What people chose, for many of them at once: how soon each is told of a kind, and when nothing reaches them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handoffs.delivery.kinds import FIXED, Kind, Pace
from handoffs.delivery.models import Preference, Rhythm
from handoffs.delivery.rhythm import Beat
from tenants.models import Member, Organization


@dataclass(frozen=True)
class Wishes:
    """Read once for all who are told of something; who chose nothing has no row and the defaults."""

    zone: str
    paces: dict[tuple[int, str, str], Pace]
    rhythms: dict[int, Rhythm]

    def pace(self, member: Member, kind: Kind, channel: str) -> Pace:
        """How soon this person wants to hear of this kind by this channel; alarms always come at once."""
        return Pace.AT_ONCE if kind in FIXED else self.paces.get((member.id, kind, channel), Pace.AT_ONCE)

    def beat(self, member: Member) -> Beat:
        """The person's rhythm in their own zone."""
        rhythm = self.rhythms.get(member.id) or Rhythm()
        return Beat(member.zone or self.zone, rhythm.daily_at, rhythm.quiet_from, rhythm.quiet_until)

    def report_at(self, member: Member) -> datetime | None:
        """When the report of a week comes to this person next, if they want one."""
        return self.rhythms[member.id].report_at if member.id in self.rhythms else None

    def due(self, member: Member, pace: Pace, at: datetime, *, breaks_quiet: bool = False) -> datetime:
        """When what happens at `at` may reach this person."""
        if pace is Pace.DIGEST:
            return self.beat(member).next_digest(at)
        return at if breaks_quiet else self.beat(member).after_quiet(at)


def wishes(organization: Organization, members: Iterable[Member], kinds: Iterable[Kind] = tuple(Kind)) -> Wishes:
    """What these members wish for these kinds, in two statements however many they are."""
    ids = [member.id for member in members]
    return Wishes(organization.zone, _paces(organization.id, ids, kinds), _rhythms(organization.id, ids))


def _paces(organization_id: UUID, ids: list[int], kinds: Iterable[Kind]) -> dict[tuple[int, str, str], Pace]:
    chosen = Preference.objects.filter(organization_id=organization_id, member_id__in=ids, kind__in=list(kinds))
    rows = chosen.values_list("member_id", "kind", "channel", "pace")
    return {(member_id, kind, channel): Pace(pace) for member_id, kind, channel, pace in rows}


def _rhythms(organization_id: UUID, ids: list[int]) -> dict[int, Rhythm]:
    rows = Rhythm.objects.filter(organization_id=organization_id, member_id__in=ids)
    return {rhythm.member_id: rhythm for rhythm in rows}
