"""What the verbs of a case need said."""

from typing import Any

from rest_framework import serializers

from handoffs.insight.case_list import launchable
from handoffs.models import FlowVersion
from portal.api.fields import Instant, Named
from portal.api.people import member_known_to, team_known_to, workspace_known_to
from portal.api.words import Text, given_field
from tenants.models import Member, Role


def flow_known_to(member: Member, id: int) -> FlowVersion | None:
    """The newest published version of the flow with this id; clients launch none."""
    if member.role == Role.CLIENT:
        return None
    return next((version for version in launchable(member) if version.flow_id == id), None)


class CastWords(serializers.Serializer[Any]):
    """Who plays a role: a team, or one member of it."""

    team = Named(team_known_to, "team", help_text="Id of a team.")
    member = Named(member_known_to, "member", required=False, allow_null=True, help_text="Id of a member of it.")


class Launch(serializers.Serializer[Any]):
    """A case begins, and its first steps are offered in the same instant. See `launch_schema` of the flow."""

    flow = Named(flow_known_to, "flow", help_text="Id of a flow, see `flows/`.")
    workspace = Named(workspace_known_to, "workspace", help_text="Id of the workspace.")
    internal_workspace = Named(
        workspace_known_to,
        "workspace",
        required=False,
        allow_null=True,
        help_text="Where internal steps happen, when the workspace is a client's.",
    )
    title = Text(max_length=200)
    casting = serializers.DictField(child=CastWords(), required=False, help_text="Who plays each role, by its key.")
    given = given_field("What the first steps ask, by step and field.")
    due_at = Instant(required=False, allow_null=True)
    owner = Named(
        member_known_to,
        "member",
        required=False,
        allow_null=True,
        help_text="Id of who answers for the case while no handoff of it is live; else you.",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Each cast as a team and, where one is named, a member."""
        casting = given.get("casting", {})
        return given | {"casting": {role: (cast["team"], cast.get("member")) for role, cast in casting.items()}}
