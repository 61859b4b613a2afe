"""Who is in the demo: a software house in Berlin, its people in three time zones, and two of its clients."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tenants.models import Role

SLUG, NAME = "kestrel", "Kestrel"
PASSWORD = "demo-handrail"  # everybody's; the demo is for one's own machine and says so


class Person(NamedTuple):
    """One login of the demo: the team they are in first, and the time zone they live in."""

    name: str
    email: str
    role: Role
    team: str
    zone: str


BERLIN, NEW_YORK, SINGAPORE = "Europe/Berlin", "America/New_York", "Asia/Singapore"
SALES, ONBOARDING, SUPPORT, ON_CALL = "Sales", "Onboarding", "Support", "On call"
BRIGHTWATER, ORCHARD = "Brightwater Hotels", "Orchard Dental"
PROJECTS = "Projects"

PEOPLE: Mapping[str, Person] = {
    "ingrid": Person("Ingrid Solheim", "ingrid@kestrel.example", Role.OWNER, SALES, BERLIN),
    "mara": Person("Mara Vogel", "mara@kestrel.example", Role.ADMIN, SALES, BERLIN),
    "jonas": Person("Jonas Beck", "jonas@kestrel.example", Role.MEMBER, SALES, BERLIN),
    "dana": Person("Dana Whitfield", "dana@kestrel.example", Role.MEMBER, ONBOARDING, NEW_YORK),
    "luis": Person("Luis Ortega", "luis@kestrel.example", Role.MEMBER, ONBOARDING, NEW_YORK),
    "grace": Person("Grace Kim", "grace@kestrel.example", Role.MEMBER, ONBOARDING, NEW_YORK),
    "weiling": Person("Wei Ling Tan", "weiling@kestrel.example", Role.MEMBER, SUPPORT, SINGAPORE),
    "arjun": Person("Arjun Rao", "arjun@kestrel.example", Role.MEMBER, SUPPORT, SINGAPORE),
    "tom": Person("Tom Ashby", "tom@kestrel.example", Role.VIEWER, "", BERLIN),
    "hannah": Person("Hannah Price", "hannah@brightwater.example", Role.CLIENT, BRIGHTWATER, BERLIN),
    "omar": Person("Omar Farouk", "omar@brightwater.example", Role.CLIENT, BRIGHTWATER, BERLIN),
    "elena": Person("Elena Rossi", "elena@orchard.example", Role.CLIENT, ORCHARD, NEW_YORK),
    "noah": Person("Noah Lind", "noah@orchard.example", Role.CLIENT, ORCHARD, NEW_YORK),
}

# Further teams people are in, beside the one above; On call is staffed from three teams.
ALSO: Sequence[tuple[str, str]] = (("arjun", ON_CALL), ("luis", ON_CALL), ("jonas", ON_CALL), ("weiling", ON_CALL))
LEADS: Mapping[str, str] = {
    ONBOARDING: "dana",
    SUPPORT: "weiling",
    ON_CALL: "weiling",
    BRIGHTWATER: "hannah",
    ORCHARD: "elena",
}
BACKUPS: Mapping[str, str] = {ONBOARDING: SUPPORT, SUPPORT: ON_CALL, SALES: ONBOARDING}


def demo_people() -> list[tuple[str, str, str, str]]:
    """Everybody one can be: name, e-mail, role, team."""
    return [(person.name, person.email, person.role.label, person.team) for person in PEOPLE.values()]
