"""Choose how soon one is told of what, by which channel, when digests come, and when it is quiet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from handoffs.delivery.channels import PERSONAL
from handoffs.delivery.digests import drop_waiting, postpone
from handoffs.delivery.kinds import FIXED, Kind, Pace
from handoffs.delivery.models import Preference, Rhythm
from handoffs.delivery.wishes import wishes
from handoffs.refusals import Invalid
from tenants.models import Member
from tenants.refusals import Forbidden
from tenants.rules import must_be_home


@dataclass(frozen=True)
class Choices:
    """All that one person chooses. `paces` by (kind, channel); `daily_at` is None for hourly digests.

    `weekly`: whether a report of each week comes by mail.
    """

    paces: Mapping[tuple[Kind, str], Pace] = field(default_factory=dict)
    daily_at: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    weekly: bool = False


def choices_of(member: Member) -> Choices:
    """What the member has chosen, with the defaults where they chose nothing."""
    wished = wishes(member.organization, [member])
    rhythm = wished.beat(member)
    paces = {(kind, channel): wished.pace(member, kind, channel) for kind in Kind for channel in PERSONAL}
    weekly = wished.report_at(member) is not None
    return Choices(paces, rhythm.daily_at, rhythm.quiet_from, rhythm.quiet_until, weekly)


def choose(*, member: Member, choices: Choices, by: Member, at: datetime) -> Choices:
    """Keeps the member's choices; kinds that `choices.paces` leaves out stay as they were.

    What waits for a digest follows: it is left out where its kind is now switched off, and comes with the new rhythm.
    Raises Forbidden not_your_choice, Invalid alarms_stay, unknown_channel, quiet_needs_both, quiet_is_empty,
    no_such_hour.
    """
    must_be_home(by, member)
    if by.pk != member.pk or not member.is_able:
        raise Forbidden("Everyone chooses for themselves how they are told.", code="not_your_choice")
    _check(choices)
    here: dict[str, Any] = {"organization_id": member.organization_id, "member": member}
    Preference.objects.bulk_create(
        [Preference(**here, kind=kind, channel=name, pace=pace) for (kind, name), pace in choices.paces.items()],
        update_conflicts=True,
        unique_fields=["organization", "member", "kind", "channel"],
        update_fields=["pace"],
    )
    _keep_rhythm(member, choices, at)
    chosen = choices_of(member)
    drop_waiting(member, [which for which, pace in chosen.paces.items() if pace is Pace.NEVER], at=at)
    beat = wishes(member.organization, [member]).beat(member)
    postpone(member, [which for which, pace in chosen.paces.items() if pace is Pace.DIGEST], beat, at=at)
    return chosen


def _keep_rhythm(member: Member, choices: Choices, at: datetime) -> None:
    here: dict[str, Any] = {"organization_id": member.organization_id, "member": member}
    chosen = {name: getattr(choices, name) for name in ("daily_at", "quiet_from", "quiet_until")}
    rhythm, _ = Rhythm.objects.update_or_create(**here, defaults=chosen)
    is_due = rhythm.report_at is not None and rhythm.report_at <= at
    if choices.weekly and not is_due:  # one that is due already still comes
        rhythm.report_at = wishes(member.organization, [member]).beat(member).next_report(at, member.organization.zone)
    elif not choices.weekly:
        rhythm.report_at = None
    rhythm.save(update_fields=["report_at"])


def _check(choices: Choices) -> None:
    for (kind, channel), pace in choices.paces.items():
        if channel not in PERSONAL:
            raise Invalid(f"There is no channel called “{channel}”.", code="unknown_channel")
        if kind in FIXED and pace is not Pace.AT_ONCE:
            raise Invalid(
                "Alarms addressed to you always come at once: an alarm that can be switched off is none.",
                code="alarms_stay",
                details={"field": f"{kind}_{channel}"},
            )
    if choices.daily_at is not None and not 0 <= choices.daily_at <= 23:
        raise Invalid("Choose an hour from 0 to 23.", code="no_such_hour", details={"field": "daily_at"})
    if (choices.quiet_from is None) != (choices.quiet_until is None):
        missing = "quiet_from" if choices.quiet_from is None else "quiet_until"
        raise Invalid(
            "Quiet hours need a beginning and an end; leave both empty for none.",
            code="quiet_needs_both",
            details={"field": missing},
        )
    if choices.quiet_from is not None and choices.quiet_from == choices.quiet_until:
        raise Invalid(
            "Quiet hours that end as they begin are none, or the whole day; choose another end.",
            code="quiet_is_empty",
            details={"field": "quiet_until"},
        )
