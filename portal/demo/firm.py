"""Founding the demo's firm: its teams and their hours, its workspaces, people, and templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from handoffs.actions.templates import create_template, equip, publish, revise, write
from handoffs.models import FieldDefinition, HandoffTemplate, Side, TemplateVersion
from portal.demo.people import (
    ALSO,
    BACKUPS,
    BERLIN,
    BRIGHTWATER,
    LEADS,
    NAME,
    NEW_YORK,
    ON_CALL,
    ONBOARDING,
    ORCHARD,
    PASSWORD,
    PEOPLE,
    PROJECTS,
    SALES,
    SINGAPORE,
    SLUG,
    SUPPORT,
)
from portal.sign_in import confirm_address
from tenants.access import Permission
from tenants.actions import Founded, add_to_team, create_team, found, grant, invite, join, open_workspace
from tenants.models import Calendar, Member, Organization, Team, User, Workspace
from tenants.scope import scope

WORKING = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
PAGE = "page"  # answers within one minute, round the clock: the template whose alarm can be watched


@dataclass(frozen=True)
class Firm:
    """The firm with everything a story names."""

    organization: Organization
    system: Member
    people: Mapping[str, Member]
    teams: Mapping[str, Team]
    workspaces: Mapping[str, Workspace]
    templates: Mapping[str, TemplateVersion]


def settle(at: datetime) -> Firm:
    """Founds the firm at `at`. Raises Conflict slug_taken."""
    password = make_password(PASSWORD)
    for person in PEOPLE.values():
        defaults = {"name": person.name, "password": password, "date_joined": at}
        confirm_address(User.objects.get_or_create(email=person.email, defaults=defaults)[0])
    owner = User.objects.get(email=PEOPLE["ingrid"].email)
    founded = found(
        name=NAME,
        slug=SLUG,
        owner=owner,
        at=at,
        team_name=SALES,
        workspace_name=PROJECTS,
        zone=BERLIN,
        country="DE",
        hue=215,
        is_demo=True,
    )
    with scope(founded.organization):
        people = {"ingrid": founded.owner, **_hire(founded.owner, at)}
        teams = _teams(founded, people, at)
        workspaces = _workspaces(founded, people, teams, at)
        templates = _templates(founded.owner, teams, at)
        fresh = Member.objects.select_related("user", "organization").in_bulk([member.pk for member in people.values()])
    return Firm(
        founded.organization,
        founded.system_member,
        {key: fresh[member.pk] for key, member in people.items()},
        teams,
        workspaces,
        templates,
    )


def _hire(owner: Member, at: datetime) -> dict[str, Member]:
    hired = {}
    for key, person in PEOPLE.items():
        if key == "ingrid":
            continue
        user = User.objects.get(email=person.email)
        _, token = invite(email=person.email, role=person.role, by=owner, at=at)
        hired[key] = join(raw_token=token, user=user, at=at)
        hired[key].zone = person.zone
        hired[key].save(update_fields=["zone"])
    return hired


def _teams(founded: Founded, people: Mapping[str, Member], at: datetime) -> dict[str, Team]:
    owner = founded.owner
    hours = {
        ONBOARDING: _calendar(owner, "New York office", NEW_YORK, "US", [["09:00", "12:30"], ["13:00", "17:30"]]),
        SUPPORT: _calendar(owner, "Singapore office", SINGAPORE, "SG", [["08:30", "17:30"]]),
        ON_CALL: _calendar(owner, "Round the clock", "UTC", "", [["00:00", "24:00"]], (*WEEKDAYS, "sat", "sun")),
        BRIGHTWATER: founded.calendar,
        ORCHARD: _calendar(owner, "Orchard's hours", NEW_YORK, "US", [["08:00", "16:00"]]),
    }
    teams = {SALES: founded.team}
    for name, lead in LEADS.items():
        kind = Team.Kind.CLIENT if name in (BRIGHTWATER, ORCHARD) else Team.Kind.INTERNAL
        teams[name] = create_team(name=name, lead=people[lead], calendar=hours[name], kind=kind, by=owner, at=at)
    for name, backup in BACKUPS.items():
        teams[name].backup = teams[backup]
        teams[name].save(update_fields=["backup"])
    for key, team in [*((key, person.team) for key, person in PEOPLE.items() if person.team), *ALSO]:
        add_to_team(team=teams[team], member=people[key], by=owner, at=at)
    return teams


def _calendar(
    owner: Member, name: str, zone: str, country: str, day: list[list[str]], days: Iterable[str] = WEEKDAYS
) -> Calendar:
    calendar = Calendar(
        organization_id=owner.organization_id, name=name, zone=zone, country=country, hours=dict.fromkeys(days, day)
    )
    calendar.full_clean(exclude=["organization"])
    calendar.save()
    return calendar


def _workspaces(
    founded: Founded, people: Mapping[str, Member], teams: Mapping[str, Team], at: datetime
) -> dict[str, Workspace]:
    owner = founded.owner
    spaces = {PROJECTS: founded.workspace}
    for client in (BRIGHTWATER, ORCHARD):
        spaces[client] = open_workspace(name=client, kind=Workspace.Kind.CLIENT, by=owner, at=at)
        grant(workspace=spaces[client], to=teams[client], permissions=WORKING, by=owner, at=at)
    for space in spaces.values():
        for name in (SALES, ONBOARDING, SUPPORT, ON_CALL):
            grant(workspace=space, to=teams[name], permissions=WORKING, by=owner, at=at)
        grant(workspace=space, to=people["tom"], permissions=[Permission.VIEW], by=owner, at=at)
    grant(workspace=spaces[BRIGHTWATER], to=people["grace"], permissions=[Permission.MANAGE], by=owner, at=at)
    return spaces


def _templates(owner: Member, teams: Mapping[str, Team], at: datetime) -> dict[str, TemplateVersion]:
    """The starter templates, those with a natural receiver aimed at it, and the page to the people on call."""
    equip(by=owner, at=at)
    for kit, team in (("sales_onboarding", ONBOARDING), ("on_call", ON_CALL)):
        draft = revise(template=HandoffTemplate.objects.get(organization=owner.organization, kit=kit), by=owner, at=at)
        draft.target_team = teams[team]
        draft.save(update_fields=["target_team"])
        publish(version=draft, by=owner, at=at)
    current = TemplateVersion.objects.current().filter(organization=owner.organization).select_related("template")
    return {version.template.kit: version for version in current} | {PAGE: _page(owner, teams[ON_CALL], at)}


def _page(owner: Member, on_call: Team, at: datetime) -> TemplateVersion:
    draft = create_template(
        name="Page the people on call",
        description="Something is down. They have one minute to accept, day and night; then the alarm goes up.",
        by=owner,
        at=at,
    )
    parts = [
        FieldDefinition(side=Side.SENDER, key="what", label="What is down", type="text", required=True),
        FieldDefinition(side=Side.SENDER, key="seen", label="What was seen", type="long_text"),
        FieldDefinition(side=Side.RECEIVER, key="cause", label="Cause", type="long_text", required=True),
    ]
    write(version=draft, parts=parts, target_team=on_call, accept_within=timedelta(minutes=1), by=owner, at=at)
    return publish(version=draft, by=owner, at=at)
