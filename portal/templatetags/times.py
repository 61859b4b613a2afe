"""Instants and durations in words, in the zone of whoever reads them."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()

Zone = str | tzinfo | None


def _zone(zone: Zone) -> tzinfo:
    if isinstance(zone, str):
        return ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return zone or timezone.get_current_timezone()


def place(zone: Zone) -> str:
    """The city a zone is named after ("Tallinn"), or the zone's own name where there is none ("UTC")."""
    return str(_zone(zone)).rpartition("/")[2].replace("_", " ")


def day_in_words(instant: datetime, now: datetime) -> str:
    """The day of a local instant as seen from the local now: today, yesterday, Mon, 12 Nov, 12 Nov 2025."""
    days = (instant.date() - now.date()).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    if days in near:
        return near[days]
    if -7 < days < 7:
        return format_date(instant, "D")
    return format_date(instant, "j M" if instant.year == now.year else "j M Y")


def in_words(instant: datetime, zone: Zone, now: datetime) -> str:
    """The instant with its day and its place: "today 13:02 Tallinn"."""
    local, here = instant.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    return f"{day_in_words(local, here)} {local:%H:%M} {place(zone)}"


def in_brief(instant: datetime, zone: Zone, now: datetime) -> str:
    """The instant where space is short and the zone is the reader's own: "13:02" today, "Mon 13:02" otherwise."""
    local, here = instant.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    return f"{local:%H:%M}" if local.date() == here.date() else f"{day_in_words(local, here)} {local:%H:%M}"


def _time(instant: datetime, zone: Zone, words: str) -> SafeString:
    local = instant.astimezone(_zone(zone))
    full = f"{format_date(local, 'j F Y')}, {local:%H:%M} {place(zone)}"
    stamp = instant.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, full, words)


@register.filter
def when(instant: datetime | None, zone: Zone = None) -> SafeString | str:
    """<time> saying "today 13:02 Tallinn"; nothing for None."""
    return _time(instant, zone, in_words(instant, zone, timezone.now())) if instant else ""


@register.filter
def briefly(instant: datetime | None, zone: Zone = None) -> SafeString | str:
    """<time> saying "13:02" or "Mon 13:02"; nothing for None."""
    return _time(instant, zone, in_brief(instant, zone, timezone.now())) if instant else ""


@register.filter
def dated(instant: datetime | None, zone: Zone = None) -> SafeString | str:
    """<time> with weekday and date, for a list of instants that are compared: "Mon 16 Nov 13:02"."""
    if instant is None:
        return ""
    local = instant.astimezone(_zone(zone))
    return _time(instant, zone, f"{format_date(local, 'D j M')} {local:%H:%M}")


@register.filter
def zone_name(instant: datetime) -> str:
    """The zone in which instants are told to this reader, by name: "Europe/Tallinn"."""
    return str(timezone.get_current_timezone())


@register.filter
def working(duration: timedelta | None) -> str:
    """Working time in hours, minutes and seconds, exactly: "12 h 30 m"; of it no day has 24 hours."""
    if duration is None:
        return ""
    seconds = int(duration.total_seconds())
    counts = [("h", seconds // 3600), ("m", seconds // 60 % 60), ("s", seconds % 60)]
    return " ".join(f"{count} {gettext(unit)}" for unit, count in counts if count) or f"0 {gettext('m')}"


@register.filter
def human(duration: timedelta | float | None) -> str:
    """A duration (or seconds) in its two largest units, rounded down, without a sign: "1 h 12 m", "3 d 4 h", "40 s"."""
    if duration is None:
        return ""
    seconds = int(abs(duration.total_seconds() if isinstance(duration, timedelta) else duration))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if seconds < 60:
        return gettext("%(count)d s") % {"count": seconds}
    # Minutes are as fine as a promise gets: seconds beside them would only flicker.
    counts = [(gettext("d"), days), (gettext("h"), hours), (gettext("m"), 0 if days else minutes)]
    return " ".join(f"{count} {unit}" for unit, count in counts if count)


@register.filter
def left(duration: timedelta | None) -> str:
    """What is left of a promise, or by how much it was missed: "1 h 12 m left", "22 m late", "30 h left".

    Promises count working time, of which no day has 24 hours: it is told in hours, however many.
    """
    if duration is None:
        return ""
    sentence = gettext("%(time)s late") if duration < timedelta() else gettext("%(time)s left")
    hours = int(abs(duration) // timedelta(hours=1))
    time = gettext("%(count)d h") % {"count": hours} if hours >= 24 else human(duration)
    return sentence % {"time": time}
