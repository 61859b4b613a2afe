"""Where somebody is: time zones, and countries whose public holidays are known."""

import holidays

from tenants.zones import known_zones


def country_choices() -> list[tuple[str, str]]:
    """Every country whose holidays are known, by name."""
    names = {facts[1]: facts[0] for facts in holidays.registry.COUNTRIES.values()}
    spaced = {code: "".join(f" {c}" if c.isupper() else c for c in name).strip() for code, name in names.items()}
    known = holidays.list_supported_countries(include_aliases=False)
    return [("", "No public holidays"), *sorted(((code, spaced.get(code, code)) for code in known), key=lambda c: c[1])]


def zone_choices(blank: str = "") -> list[tuple[str, str]]:
    """Every time zone, by name, after a blank one where that means something."""
    return [*([("", blank)] if blank else []), *((zone, zone.replace("_", " ")) for zone in sorted(known_zones()))]


def region_choices(country: str) -> list[str]:
    """The short names of the regions of a country that have holidays of their own."""
    return list(holidays.list_supported_countries(include_aliases=False).get(country, ()))
