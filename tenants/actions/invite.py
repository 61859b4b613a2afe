"""Invite somebody by e-mail."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from tenants.access import Permission, workspaces_for
from tenants.keys import hash_of, new_key
from tenants.models import Invitation, Member, Role, Team, Workspace
from tenants.refusals import Conflict, Forbidden
from tenants.rules import must_be_home, must_make_owners_only_as_owner, must_run_the_organization, saving

VALID_FOR = timedelta(days=14)


def invite(
    *,
    email: str,
    by: Member,
    at: datetime,
    role: str = Role.MEMBER,
    team: Team | None = None,
    workspace: Workspace | None = None,
) -> tuple[Invitation, str]:
    """Offer a place to one address for 14 days; an earlier open invitation of that address is withdrawn.

    A client may invite a colleague into a workspace that they see and that allows it.

    The secret that is returned beside the invitation is kept nowhere: send it now or invite anew.
    Raises Forbidden not_an_admin or owners_only, Conflict already_member, already_invited, team_does_not_fit or
    not_for_clients, Invalid.
    """
    if by.role == Role.CLIENT:
        _must_be_a_colleague(by, role, team, workspace)
    else:
        must_run_the_organization(by)
    must_make_owners_only_as_owner(by, role)
    must_be_home(by, team, workspace)
    _must_fit_in(role, team, workspace)
    key = new_key("hi_")
    invitation = Invitation(
        organization_id=by.organization_id,
        email=email.strip().lower(),
        role=role,
        team=team,
        workspace=workspace,
        invited_by=by,
        token_hash=hash_of(key),
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    with saving():
        invitation.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        _must_not_be_a_member(invitation)
        _withdraw_earlier(invitation, by, at)
        invitation.save()
    return invitation, key


def may_invite_into(by: Member) -> QuerySet[Workspace]:
    """The open workspaces into which this member may invite somebody; for those who run the organization, all."""
    open_ones = workspaces_for(by, Permission.VIEW).filter(closed_at=None)
    if by.role == Role.CLIENT:
        return open_ones.filter(clients_invite=True)
    return open_ones if by.runs_the_organization else open_ones.none()


def _must_be_a_colleague(by: Member, role: str, team: Team | None, workspace: Workspace | None) -> None:
    """A client invites clients, into a workspace that lets them, and into no team: that is for its lead."""
    if not by.is_able or role != Role.CLIENT or team is not None or workspace is None:
        raise Forbidden("You may invite colleagues into a workspace of yours, nothing else.", code="not_an_admin")
    if not may_invite_into(by).filter(pk=workspace.pk).exists():
        raise Forbidden(f"Clients do not invite into {workspace.name}; ask your contact there.", code="not_an_admin")


def _withdraw_earlier(invitation: Invitation, by: Member, at: datetime) -> None:
    """One open invitation for each address; a client does not undo what somebody else has begun."""
    earlier = Invitation.objects.filter(
        organization_id=by.organization_id, email=invitation.email, accepted_at=None, withdrawn_at=None
    )
    if by.role == Role.CLIENT and earlier.exclude(invited_by=by).filter(expires_at__gt=at).exists():
        raise Conflict(f"{invitation.email} has been invited already.", code="already_invited")
    earlier.update(withdrawn_at=at)


def _must_fit_in(role: str, team: Team | None, workspace: Workspace | None) -> None:
    is_client = role == Role.CLIENT
    if team is not None and team.is_client != is_client:
        raise Conflict(
            "Clients are invited into clients' teams and our own people into ours.",
            code="team_does_not_fit",
            details={"team": team.pk},
        )
    if workspace is not None and is_client and not workspace.is_client:
        raise Conflict(f"{workspace.name} is internal.", code="not_for_clients", details={"workspace": workspace.pk})


def _must_not_be_a_member(invitation: Invitation) -> None:
    if Member.objects.filter(
        organization_id=invitation.organization_id, user__email=invitation.email, left_at=None
    ).exists():
        raise Conflict(f"{invitation.email} is a member already.", code="already_member")
