"""The workspaces that a member may enter, as the frame around every page lists them."""

from tenants.access import Permission
from tenants.models import Member, Role, Workspace
from tenants.records import records

_OPEN = """WHERE one.organization_id = %(home)s AND one.closed_at IS NULL
  AND (%(all)s OR one.id = ANY(%(granted)s::bigint[])) AND (NOT %(client)s OR one.kind = 'client')
ORDER BY one.name LIMIT %(limit)s"""


def workspaces_entered_by(member: Member, limit: int) -> list[Workspace]:
    """The first open ones by name; agrees with `workspaces_for(member, Permission.VIEW)`."""
    standing = member.standing
    asked = {
        "home": member.organization_id,
        "all": standing.sees_everything,
        "granted": standing.granted(Permission.VIEW),
        "client": member.role == Role.CLIENT and not standing.sees_everything,
        "limit": limit,
    }
    return records(Workspace, _OPEN, asked)
