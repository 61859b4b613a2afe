"""What the verbs of a case need said."""

from typing import Any

from rest_framework import serializers

from handoffs.flows import document
from handoffs.insight.case_list import launchable
from handoffs.lifecycle import RETURN_REASONS
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


GIVEN = "What the steps that come next ask of their giver, by step and field."


class CaseReason(serializers.Serializer[Any]):
    """Why, in words."""

    reason = Text()


class Skip(CaseReason):
    """Which step is not done this time, and why."""

    step = Text(max_length=40, help_text="Its key.")
    given = given_field(GIVEN)


class SendBack(CaseReason):
    """From which step of yours the case goes back to which earlier one."""

    step = Text(max_length=40, help_text="Key of a step that you hold in hand or are offered.")
    to_step = Text(max_length=40, help_text="Key of an earlier step that was done.")
    reason_code = serializers.ChoiceField(choices=list(RETURN_REASONS), required=False)


class Reassign(CaseReason):
    """Who plays a role from now on. With `take_over` what is in hand goes over to the member too."""

    role = Text(max_length=40, help_text="Its key.")
    team = Named(team_known_to, "team", help_text="Id of a team.")
    member = Named(member_known_to, "member", required=False, allow_null=True, help_text="Id of a member of it.")
    take_over = serializers.BooleanField(required=False)


class AddStep(CaseReason):
    """A step of this case alone, written as in a flow's document; the steps in `before` wait for it as well."""

    step = serializers.DictField(help_text="See `flow_schema/`.")
    before = serializers.ListField(child=Text(max_length=40), required=False)
    given = given_field(GIVEN)

    def validate(self, words: dict[str, Any]) -> dict[str, Any]:
        """The step as it is read."""
        try:
            (step,) = document.read({"steps": [words["step"]]}).steps
        except document.Unreadable as unreadable:
            sentences = [problem.sentence for problem in unreadable.problems]
            raise serializers.ValidationError({"step": sentences}) from None
        return {**words, "step": step}


class Entrust(CaseReason):
    """Who answers for the case from now on, while no handoff of it is live."""

    to = Named(member_known_to, "member", help_text="Id of a member.")
