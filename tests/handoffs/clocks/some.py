"""Random calendars and instants, and the awkward zones among them."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from tests.handoffs.clocks.minute_oracle import WEEKDAYS, Wall

NAMED_ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Asia/Tehran",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "America/St_Johns",
    "Antarctica/Troll",
)
PLACES = (("", ""), ("", ""), ("DE", "BE"), ("US", "NY"), ("AU", "NSW"), ("IR", ""), ("NP", ""))


def a_time(chance: random.Random) -> int:
    return chance.choice((chance.randrange(1440), chance.randrange(0, 1440, 15), chance.randrange(0, 240, 10)))


def some_hours(chance: random.Random) -> list[list[str]]:
    found = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
        start, end = a_time(chance), chance.choice((a_time(chance), 1440))
        found.append([f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end)])
    return found


def a_change(zone: str, year: int, chance: random.Random) -> date:
    """A date on which the zone's offset changes in that year, or any date if it has none."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    changes = [noons[index].date() for index in range(1, 365) if offsets[index] != offsets[index - 1]]
    return chance.choice(changes or [noon.date() for noon in noons])


def a_stretch(number: int, chance: random.Random) -> Wall:
    """Six weeks, mostly around a change of the clock, or around a year's end; half of them in a named zone."""
    zones = sorted(available_timezones() - {"localtime", "posixrules"})
    zone = NAMED_ZONES[number % 20] if number % 20 < len(NAMED_ZONES) else chance.choice(zones)
    year = 2011 if zone == "Pacific/Apia" and chance.random() < 0.5 else chance.randint(1973, 2040)
    middle = date(year, 12, 31) if chance.random() < 0.2 else a_change(zone, year, chance)
    return Wall(zone, middle - timedelta(days=chance.randint(3, 39)), 42)


def some_fields(wall: Wall, chance: random.Random) -> dict[str, object]:
    country, region = chance.choice(PLACES)
    dates = {
        (wall.start.date() + timedelta(days=chance.randint(-1, 43))).isoformat() for _ in range(chance.randint(0, 6))
    }
    days = [{"date": day, "name": "", "hours": some_hours(chance)} for day in sorted(dates)]
    changes = {
        (wall.start.date() + timedelta(days=chance.randint(-3, 45))).isoformat()
        for _ in range(chance.choice((0, 0, 1, 2)))
    }
    versions = [{"from": day, "hours": a_week(chance)} for day in sorted(changes)]
    return {"hours": a_week(chance), "country": country, "region": region, "days": days, "versions": versions}


def a_week(chance: random.Random) -> dict[str, list[list[str]]]:
    return {day: some_hours(chance) for day in WEEKDAYS if chance.random() < 0.85}


def a_moment(wall: Wall, chance: random.Random) -> datetime:
    moment = wall.start + timedelta(minutes=chance.randrange((wall.end - wall.start) // timedelta(minutes=1)))
    return moment + chance.choice((timedelta(), timedelta(microseconds=chance.randrange(60_000_000))))
