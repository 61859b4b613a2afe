"""Where and with whom one works: workspaces, teams, members, and oneself."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.delivery.notices import unread_count
from handoffs.models import Offer
from portal.api import shapes
from portal.api.endpoint import Endpoint
from portal.api.paging import Paged, after_id, cursor_of, oldest_first, page
from portal.api.people import members_known_to, teams_known_to, workspaces_known_to
from portal.api.schema import lists, says
from tenants.access import Permission
from tenants.models import Member, Team, TeamMembership, Workspace

MAY = {
    Permission.VIEW: "view",
    Permission.SEND: "send",
    Permission.RECEIVE: "receive",
    Permission.MANAGE: "manage",
}
MOST = 100


class Directory(Endpoint):
    """A list by rising id."""

    def found(self, request: Request, known: Any) -> tuple[list[Any], str | None]:
        """The rows of one page and the cursor of the next."""
        asked = self.asked(Paged)
        limit = asked["limit"]
        rows = oldest_first(known, after_id("id", asked.get("cursor")), limit)
        return rows[:limit], cursor_of("id", rows[limit - 1].pk) if len(rows) > limit else None


class Workspaces(Directory):
    """The workspaces you may see."""

    @extend_schema(
        operation_id="list_workspaces",
        tags=["directory"],
        summary="List workspaces",
        parameters=[Paged],
        responses=lists(shapes.Workspace, "One page of open workspaces."),
    )
    def get(self, request: Request) -> Response:
        """Open workspaces, with what the reader may do in each."""
        rows, cursor = self.found(request, workspaces_known_to(self.member))
        return page(request, [self._workspace(row) for row in rows], cursor)

    def _workspace(self, row: Workspace) -> shapes.Workspace:
        permits = self.member.standing.permits
        return {
            "id": row.pk,
            "name": row.name,
            "kind": Workspace.Kind(row.kind),
            "description": row.description,
            "may": [word for permission, word in MAY.items() if permits(permission, row.pk, row.kind)],  # type: ignore[misc]
        }


class Teams(Directory):
    """The teams you may know of."""

    @extend_schema(
        operation_id="list_teams",
        tags=["directory"],
        summary="List teams",
        parameters=[Paged],
        responses=lists(shapes.Team, "One page of open teams."),
    )
    def get(self, request: Request) -> Response:
        """Open teams; a client sees its own and those it can hand work to."""
        rows, cursor = self.found(request, teams_known_to(self.member).select_related("lead"))
        return page(request, [self._team(row) for row in rows], cursor)

    def _team(self, row: Team) -> shapes.Team:
        return {
            "id": row.pk,
            "name": row.name,
            "kind": Team.Kind(row.kind),
            "lead": {"id": row.lead_id, "name": row.lead.name},
            "is_mine": row.pk in self.member.standing.team_ids,
        }


class Members(Directory):
    """The members you may know of."""

    @extend_schema(
        operation_id="list_members",
        tags=["directory"],
        summary="List members",
        parameters=[Paged],
        responses=lists(shapes.Member, "One page of members who can act."),
    )
    def get(self, request: Request) -> Response:
        """Members who can act; a client sees those of its own teams."""
        rows, cursor = self.found(request, members_known_to(self.member).select_related("user"))
        return page(request, members(rows, self.member), cursor)


class Me(Endpoint):
    """Yourself."""

    @extend_schema(
        operation_id="read_me",
        tags=["directory"],
        summary="Who am I",
        responses=says(shapes.Me, "You, as whom this session or token acts, and what waits for you."),
    )
    def get(self, request: Request) -> Response:
        """Who is asking, and what waits for them."""
        token = self.addressed.token
        organization = self.member.organization
        me: shapes.Me = {
            "member": members([self.member], self.member)[0],
            "organization": {"name": organization.name, "slug": organization.slug, "zone": organization.zone},
            "token": {"name": token.name, "prefix": token.prefix, "expires_at": token.expires_at} if token else None,
            "waiting": Offer.objects.waiting_count(self.member, MOST),
            "unread_notices": unread_count(self.member, MOST),
        }
        return Response(me)


def members(rows: list[Member], reader: Member) -> list[shapes.Member]:
    """Members with their teams, read by one statement for all of them."""
    teams: dict[int, list[shapes.Named]] = {row.pk: [] for row in rows}
    in_teams = TeamMembership.objects.filter(
        organization_id=reader.organization_id, member_id__in=list(teams), team__in=teams_known_to(reader).values("id")
    )
    for member_id, team_id, name in in_teams.order_by("team_id").values_list("member_id", "team_id", "team__name"):
        teams[member_id].append({"id": team_id, "name": name})
    return [
        {
            "id": row.pk,
            "name": row.name,
            "kind": Member.Kind(row.kind),
            "role": Member.Role(row.role),
            "email": row.user.email if row.user and row.kind == Member.Kind.PERSON else None,
            "teams": teams[row.pk],
        }
        for row in rows
    ]
