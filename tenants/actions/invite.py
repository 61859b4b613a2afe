"""Invite somebody by e-mail."""

from datetime import datetime, timedelta

from tenants.keys import hash_of, new_key
from tenants.models import Invitation, Member, Role, Team, Workspace
from tenants.refusals import Conflict
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

    The secret that is returned beside the invitation is kept nowhere: send it now or invite anew.
    Raises Forbidden not_an_admin or owners_only, Conflict already_member, team_does_not_fit or not_for_clients,
    Invalid.
    """
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
        Invitation.objects.filter(
            organization_id=by.organization_id, email=invitation.email, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=at)
        invitation.save()
    return invitation, key


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
