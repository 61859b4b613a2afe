"""A small firm with a named cast; every state in it is reached by real actions.

Fjord is the organization; Projects its internal workspace, Northwind the workspace shared with a client.
Ana (sales) hands to Ben and Bo (onboarding, led by Lea); Sam leads support, the backup of onboarding; Max leads sales.
Mo manages Projects, Vic only looks, Nils works elsewhere in the firm, Olga owns it. Cleo and Carl are Northwind's.
Stan belongs to another organization altogether.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from handoffs import actions
from handoffs.actions.templates import equip
from handoffs.lifecycle import State
from handoffs.models import Handoff, TemplateVersion
from handoffs.reading_back import asked_of
from tenants.access import Permission
from tenants.actions import add_to_team, create_team, found, grant, invite, join, open_workspace
from tenants.models import Calendar, Member, Organization, Role, Team, User, Workspace
from tenants.scope import scope

# A Monday morning, so that four working hours end on the same day.
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
FOUNDED = MONDAY - timedelta(days=90)
WORK = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)

INTERNAL = {"ana": "Sales", "max": "Sales", "ben": "Onboarding", "bo": "Onboarding", "lea": "Onboarding"}
INTERNAL |= {"sam": "Support", "sue": "Support", "mo": "Office", "nils": "Elsewhere"}
CLIENTS = {"cleo": "Northwind", "carl": "Northwind"}
LEADS = {"Sales": "max", "Onboarding": "lea", "Support": "sam", "Northwind": "cleo", "Elsewhere": "nils"}


def address_of(name: str) -> str:
    return f"{name}@{'northwind' if name in CLIENTS else 'fjord'}.example"


def build(slug: str = "fjord") -> Organization:
    """Founds the organization with everybody in it. Commits unless a transaction is open."""
    olga = User.objects.get_or_create(email=f"olga@{slug}.example", defaults={"name": "Olga"})[0]
    founded = found(name=slug.capitalize(), slug=slug, owner=olga, at=FOUNDED, team_name="Office")
    organization, owner = founded.organization, founded.owner
    with scope(organization):
        people = {name: _hire(name, owner, Role.MEMBER) for name in INTERNAL}
        people |= {name: _hire(name, owner, Role.CLIENT) for name in CLIENTS}
        people["vic"] = _hire("vic", owner, Role.VIEWER)
        teams = {"Office": founded.team}
        for name, lead in LEADS.items():
            teams[name] = create_team(
                name=name,
                lead=people[lead],
                calendar=founded.calendar,
                kind=Team.Kind.CLIENT if name == "Northwind" else Team.Kind.INTERNAL,
                backup=teams.get("Support") if name == "Onboarding" else None,
                by=owner,
                at=FOUNDED,
            )
        teams["Onboarding"].backup = teams["Support"]
        teams["Onboarding"].save(update_fields=["backup"])
        for name, team in (INTERNAL | CLIENTS).items():
            add_to_team(team=teams[team], member=people[name], by=owner, at=FOUNDED)
        _open_workspaces(owner, people, teams)
        equip(by=owner, at=FOUNDED)
    return organization


def build_elsewhere(slug: str = "elsewhere") -> Organization:
    """Another organization, where Stan is the owner."""
    stan = User.objects.get_or_create(email=f"stan@{slug}.example", defaults={"name": "Stan"})[0]
    founded = found(name=slug.capitalize(), slug=slug, owner=stan, at=FOUNDED)
    with scope(founded.organization):
        equip(by=founded.owner, at=FOUNDED)
    return founded.organization


def _hire(name: str, owner: Member, role: Role) -> Member:
    user = User.objects.get_or_create(email=address_of(name), defaults={"name": name.capitalize()})[0]
    _, token = invite(email=user.email, role=role, by=owner, at=FOUNDED)
    return join(raw_token=token, user=user, at=FOUNDED)


def _open_workspaces(owner: Member, people: dict[str, Member], teams: dict[str, Team]) -> None:
    projects = open_workspace(name="Projects", by=owner, at=FOUNDED)
    northwind = open_workspace(name="Northwind", kind=Workspace.Kind.CLIENT, by=owner, at=FOUNDED)
    for name in ("Sales", "Onboarding", "Support"):
        grant(workspace=projects, to=teams[name], permissions=WORK, by=owner, at=FOUNDED)
    for name in ("Sales", "Onboarding", "Northwind"):
        grant(workspace=northwind, to=teams[name], permissions=WORK, by=owner, at=FOUNDED)
    grant(workspace=projects, to=people["mo"], permissions=[Permission.MANAGE], by=owner, at=FOUNDED)
    grant(workspace=projects, to=people["vic"], permissions=[Permission.VIEW], by=owner, at=FOUNDED)


@dataclass
class World:
    """The cast as one test sees it: fresh rows, a clock that only the test moves."""

    organization: Organization
    now: datetime = MONDAY
    _people: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Member:
        """`world.ana` is Ana's membership."""
        if name.startswith("_") or name not in {*INTERNAL, *CLIENTS, "vic", "olga"}:
            raise AttributeError(name)
        if name not in self._people:
            self._people[name] = Member.objects.select_related("user", "organization").get(
                organization=self.organization, name=name.capitalize()
            )
        return self._people[name]

    @cached_property
    def system(self) -> Member:
        return Member.objects.system(self.organization)

    @cached_property
    def projects(self) -> Workspace:
        return Workspace.objects.get(organization=self.organization, name="Projects")

    @cached_property
    def northwind(self) -> Workspace:
        return Workspace.objects.get(organization=self.organization, name="Northwind")

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.objects.get(organization=self.organization, name="Office hours")

    def team(self, name: str) -> Team:
        return Team.objects.select_related("calendar", "lead", "backup").get(organization=self.organization, name=name)

    def template(self, kit: str) -> TemplateVersion:
        return TemplateVersion.objects.select_related("template").get(
            organization=self.organization, template__kit=kit, number=1
        )

    def later(self, **by: float) -> datetime:
        """Moves the clock on and returns it: `world.later(minutes=5)`."""
        self.now += timedelta(**by)
        return self.now

    def handoff(self, at: State = State.DRAFT, *, to: str = "Onboarding", **given: Any) -> Handoff:
        """A handoff from Ana, walked to the state `at`; Ben is the receiver who acts."""
        given.setdefault("title", "Signed contract to onboarding")
        workspace = given.pop("workspace", self.projects)
        made = actions.draft(workspace, by=self.ana, at=self.now, **given)
        for state, step in self._path(to):
            if made.status is at:
                break
            if at in (state, *_LATER.get(state, ())):
                made = step(made)
        assert made.status is at, f"the walk ended in {made.state}"
        return made

    def _accept(self, handoff: Handoff) -> Handoff:
        read_back = asked_of(handoff, self.ben).right
        return actions.accept(handoff, by=self.ben, at=self.later(minutes=10), **read_back)

    def _path(self, to: str) -> list[tuple[State, Any]]:
        def do(verb: Any, by: Member, **words: Any) -> Any:
            return lambda handoff: verb(handoff, by=by, at=self.later(minutes=10), **words)

        later = self.now + timedelta(days=30)
        return [
            (State.CANCELLED, do(actions.cancel, self.ana, reason="Signed with somebody else")),
            (State.OFFERED, do(actions.offer, self.ana, to_team=self.team(to))),
            (State.RETURNED, do(actions.return_, self.ben, reason="The access list is missing")),
            (State.ACCEPTED, self._accept),
            (State.STARTED, do(actions.start, self.ben)),
            (State.ON_HOLD, do(actions.hold, self.ben, reason="Waiting for the client", until=later)),
            (State.COMPLETED, do(actions.complete, self.ben)),
        ]


# Which states lie beyond the key on the walk of `World.handoff`.
_LATER: dict[State, tuple[State, ...]] = {
    State.OFFERED: (State.RETURNED, State.ACCEPTED, State.STARTED, State.ON_HOLD, State.COMPLETED),
    State.ACCEPTED: (State.STARTED, State.ON_HOLD, State.COMPLETED),
    State.STARTED: (State.ON_HOLD, State.COMPLETED),
}
