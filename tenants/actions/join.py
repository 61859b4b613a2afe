"""Join an organization by invitation."""

from datetime import datetime

from tenants.access import Permission, add_grants
from tenants.actions.add_to_team import enter_team
from tenants.actions.create_team import create_team
from tenants.actions.grant import grant
from tenants.keys import hash_of
from tenants.models import Calendar, Invitation, Member, Role, Team, User, Workspace, WorkspaceTeamPermission
from tenants.refusals import Conflict, Forbidden, Missing
from tenants.scope import everyone, scope

WORKING = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)


def join(*, raw_token: str, user: User, at: datetime, by: None = None) -> Member:
    """Take the place an invitation offers: once, in time, and only as the login of its address.

    Nobody can be `by`: one is not a member before. Enters and leaves the organization's scope itself. Raises Missing
    invitation_unknown, Forbidden invitation_address, Conflict invitation_used, invitation_withdrawn, invitation_expired
    or already_member.
    """
    found = find_invitation(raw_token)
    with scope(found.organization_id):
        # Locked and read anew: two uses at once must not both succeed.
        invitation = Invitation.objects.select_for_update().get(organization_id=found.organization_id, pk=found.pk)
        if invitation.email != user.email.lower():
            raise Forbidden("This invitation is for another address; sign in with that one.", code="invitation_address")
        must_be_open(invitation, at)
        member = _become_member(invitation, user, at)
        if invitation.team is not None:
            enter_team(invitation.team, member, at)
        if invitation.workspace is not None:
            add_grants(invitation.workspace, member, WORKING)
            if member.role == Role.CLIENT and invitation.team is None:
                _enter_the_clients_team(invitation.workspace, member, at)
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
    return member


def _enter_the_clients_team(workspace: Workspace, member: Member, at: datetime) -> None:
    """Work is offered to teams and the people in them: a client without one could be handed nothing.

    The first client of a workspace begins its team and leads it.
    """
    here = Team.objects.filter(organization_id=workspace.organization_id, kind=Team.Kind.CLIENT, closed_at=None)
    granted = WorkspaceTeamPermission.objects.filter(content_object=workspace).values("group_id")
    team = here.filter(group_id__in=granted).order_by("id").first()
    if team is not None:
        enter_team(team, member, at)
        return
    system = Member.objects.system(member.organization)
    calendar = Calendar.objects.filter(organization_id=workspace.organization_id).order_by("id").first()
    assert calendar is not None  # an organization is founded with one
    is_taken = Team.objects.filter(organization_id=workspace.organization_id, name=workspace.name).exists()
    name = f"{workspace.name[:100]} (client)" if is_taken else workspace.name
    team = create_team(name=name, lead=member, calendar=calendar, kind=Team.Kind.CLIENT, by=system, at=at)
    grant(workspace=workspace, to=team, permissions=WORKING, by=system, at=at)


def find_invitation(raw_token: str) -> Invitation:
    """The invitation of this secret, with its organization, in whatever state; raises Missing invitation_unknown."""
    with everyone():
        invitation = Invitation.objects.select_related("organization").filter(token_hash=hash_of(raw_token)).first()
    if invitation is None:
        raise Missing("This invitation does not exist.", code="invitation_unknown")
    return invitation


def must_be_open(invitation: Invitation, at: datetime) -> None:
    """Refuse what was used, withdrawn or has expired, by Conflict."""
    if invitation.accepted_at is not None:
        raise Conflict("This invitation has been used already.", code="invitation_used")
    if invitation.withdrawn_at is not None:
        raise Conflict("This invitation has been withdrawn; ask for a new one.", code="invitation_withdrawn")
    if at >= invitation.expires_at:
        raise Conflict("This invitation has expired; ask for a new one.", code="invitation_expired")


def _become_member(invitation: Invitation, user: User, at: datetime) -> Member:
    """A new member, or one who left and comes back."""
    member, is_new = Member.objects.get_or_create(
        organization_id=invitation.organization_id,
        user=user,
        defaults={"role": invitation.role, "name": str(user)[:120], "joined_at": at},
    )
    if not is_new:
        if member.left_at is None:
            raise Conflict("You are a member already.", code="already_member")
        member.role, member.joined_at, member.left_at = invitation.role, at, None
        member.save(update_fields=["role", "joined_at", "left_at"])
    return member
