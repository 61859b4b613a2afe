"""Two hundred teams, two thousand people and everybody let in everywhere: proved in seconds."""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from time import perf_counter

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission

from handoffs.actions.templates import create_ladder, prove_due
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.models import Proof
from tenants.models import (
    Absence,
    Calendar,
    Member,
    Team,
    TeamMembership,
    User,
    Workspace,
    WorkspaceTeamPermission,
)
from tests.pinned import pinned
from tests.world import World

TEAMS, EACH, WORKSPACES = 200, 10, 20


def settle(world: World) -> None:
    """Written at once: no action makes two hundred teams."""
    here = {"organization": world.organization}
    zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
    calendars = Calendar.objects.bulk_create(Calendar(**here, name=zone, zone=zone) for zone in zones)
    users = User.objects.bulk_create(User(email=f"u{n}@fjord.example", password="-") for n in range(TEAMS * EACH))
    members = Member.objects.bulk_create(Member(**here, user=user, name=f"P{n}") for n, user in enumerate(users))
    groups = Group.objects.bulk_create(Group(name=f"size-{n}") for n in range(TEAMS))
    teams = Team.objects.bulk_create(
        Team(**here, name=f"T{n}", lead=members[n * EACH], calendar=calendars[n % 4], group=groups[n])
        for n in range(TEAMS)
    )
    TeamMembership.objects.bulk_create(
        TeamMembership(**here, team=teams[n // EACH], member=member) for n, member in enumerate(members)
    )
    spaces = Workspace.objects.bulk_create(Workspace(**here, name=f"W{n}") for n in range(WORKSPACES))
    granted = AuthPermission.objects.filter(
        content_type__app_label="tenants", codename__in=["send_handoff", "receive_handoff"]
    )
    WorkspaceTeamPermission.objects.bulk_create(
        WorkspaceTeamPermission(**here, group=group, permission=permission, content_object=space)
        for group, permission, space in product(groups, granted, spaces)
    )
    # Every tenth team is away together, and every seventh person at some time.
    gone = [m for n, m in enumerate(members) if n // EACH % 10 == 0 or n % 7 == 0]
    Absence.objects.bulk_create(
        Absence(
            **here,
            member=member,
            starts_at=world.now + timedelta(days=n % 5),
            ends_at=world.now + timedelta(days=8),
            substitute=members[(n * 31) % len(members)] if n % 2 else None,
            recorded_by=world.olga,
            recorded_at=world.now,
        )
        for n, member in enumerate(gone)
    )


def test_two_hundred_teams_take_seconds(world: World) -> None:
    settle(world)
    for name in ("One", "Two"):
        rungs = [RungSpec(Decimal(n), (who,)) for n, who in enumerate(Audience, start=1)]
        create_ladder(name=name, rungs=[*rungs, RungSpec(Decimal(9), tuple(Audience))], by=world.olga, at=world.now)
    started = perf_counter()
    with pinned("prove_due"):
        prove_due(world.organization.id, world.now)
    took = perf_counter() - started
    proof = Proof.objects.get(ladder__name="One")
    assert proof.lanes > TEAMS * WORKSPACES
    assert proof.faults
    assert len(proof.findings) == 100
    assert took < 30, "on two busy cores it takes about four; a statement for each lane and hour would take minutes"
