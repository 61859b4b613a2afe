"""Who could take a step is asked by hand; it says the same as `working_in`, whatever anybody may do and wherever."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value

from tenants.access import INCLUDED_IN, Permission
from tenants.actions import add_absence, add_to_team, grant
from tenants.models import Member, Team, Workspace
from tenants.workers import takers, working_in
from tests.handoffs.doing import stage
from tests.world import World


def test_it_says_the_same_as_working_in(world: World) -> None:
    stage(world)
    add_absence(
        member=world.bo, starts_at=world.now, ends_at=world.now + timedelta(days=3), words="", by=world.bo, at=world.now
    )
    world.sue.user.is_active = False
    world.sue.user.save()
    grant(workspace=world.projects, to=world.nils, permissions=[Permission.RECEIVE], by=world.olga, at=world.now)
    add_to_team(team=world.team("Elsewhere"), member=world.max, by=world.olga, at=world.now)
    add_to_team(team=world.team("Support"), member=world.vic, by=world.olga, at=world.now)
    everybody = [member.pk for member in Member.objects.all()]
    teams, seen = [team.pk for team in Team.objects.all()], 0
    for space in Workspace.objects.all():
        for permission in (Permission.SEND, Permission.RECEIVE, Permission.MANAGE):
            for at in (world.now, world.now + timedelta(days=9)):
                found = takers(teams, space, INCLUDED_IN[permission], at, everybody)
                may = working_in("space", INCLUDED_IN[permission], at).filter(team_memberships__team_id=OuterRef("pk"))
                rows = Team.objects.annotate(space=Value(space.pk)).annotate(all=ArraySubquery(may.values("id")))
                said = {team: set(members) for team, members in rows.values_list("pk", "all")}
                assert {team: set(members) for team, members in found.items()} == said, (space, permission)
                seen += sum(len(members) for members in said.values())
    assert seen > 40
