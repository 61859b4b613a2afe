"""What the report of a week says to its reader; its figures were put down when the week was over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.dateformat import format as format_date

from handoffs.delivery.digest_letter import stop_token
from handoffs.delivery.models import Digest
from tenants.models import Member


@dataclass(frozen=True)
class ReportLetter:
    """The words for one reader. `numbers` are label, value, beside; `lanes` are words, what is told, and its page."""

    subject: str
    week: str
    offered: int
    accepted: int
    numbers: list[tuple[str, str, str]]
    lanes: list[tuple[str, str, str]]
    link: str
    stop_link: str
    choose_link: str
    reader: Member
    kind = "report"


def report_letter(digest: Digest, *, at: datetime) -> ReportLetter | None:
    """The report as it was put down, or None when its reader may read nothing here any more."""
    reader, said = digest.member, digest.report
    if not reader.is_able or said is None or digest.week is None:
        return None
    home = f"{settings.HANDRAIL_ADDRESS}/o/{reader.organization.slug}"
    sunday = digest.week + timedelta(days=6)
    week = f"{format_date(digest.week, 'j F')} to {format_date(sunday, 'j F Y')}"
    return ReportLetter(
        subject=f"{reader.organization.name}: where work waited, {week}",
        week=week,
        offered=said["offered"],
        accepted=said["accepted"],
        numbers=[tuple(number) for number in said["numbers"]],
        lanes=[(lane["words"], lane["told"], f"{home}/insight/lanes/{lane['lane']}/") for lane in said["lanes"]],
        link=f"{home}/insight/",
        stop_link=f"{settings.HANDRAIL_ADDRESS}/digests/stop/{stop_token(digest)}/",
        choose_link=f"{home}/settings/delivery/",
        reader=reader,
    )
