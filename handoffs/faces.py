"""What a row or a page header shows beside the handoff itself: people, teams, workspace, template and offer.

Five small statements for any number of handoffs. One statement with thirteen joins took PostgreSQL longer to plan than
all of these take together, and a list kept whole in an index order must not be joined at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model

from handoffs.handoff import Handoff
from handoffs.models import HandoffTemplate, Offer, TemplateVersion
from tenants.models import Member, Team, Workspace
from tenants.prepared import fetch_all
from tenants.records import by_ids, columns, made

_MEMBERS: Mapping[str, Sequence[str]] = {
    "handoff": ("sender", "custodian", "planned_member"),
    "offer": ("giver", "to_member", "viewed_by"),
}
_TEAMS: Mapping[str, Sequence[str]] = {
    "handoff": ("sender_team", "custodian_team", "planned_team"),
    "offer": ("from_team", "to_team"),
    "version": ("target_team",),
}


def show_faces(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """The same handoffs, with everybody and everything in their rows read; all are of one organization."""
    known = list(handoffs)
    if not known:
        return known
    home = known[0].organization_id
    _attach(known, "workspace", by_ids(Workspace, home, _ids(known, "workspace")))
    _attach(known, "open_offer", by_ids(Offer, home, _ids(known, "open_offer")))
    _attach(known, "template_version", _versions(home, _ids(known, "template_version")))
    shown: dict[str, list[Any]] = {
        "handoff": known,
        "offer": [handoff.open_offer for handoff in known if handoff.open_offer],
        "version": [handoff.template_version for handoff in known if handoff.template_version],
    }
    _name(shown, _MEMBERS, Member, home)
    _name(shown, _TEAMS, Team, home)
    return known


def with_faces(organization_id: UUID, ids: Iterable[int], along: Sequence[Handoff] = ()) -> dict[int, Handoff]:
    """The handoffs with these ids, by id. Those `along`, which are read already, are shown in the same statements."""
    found = by_ids(Handoff, organization_id, set(ids))
    show_faces([*found.values(), *along])
    return found


@cache
def _versions_statement() -> str:
    return (
        f"SELECT {columns(TemplateVersion, 'version')}, {columns(HandoffTemplate, 'template')} "
        "FROM handoffs_templateversion AS version JOIN handoffs_handofftemplate AS template "
        "ON template.organization_id = version.organization_id AND template.id = version.template_id "
        "WHERE version.organization_id = %s AND version.id = ANY(%s::bigint[])"
    )


def _versions(home: UUID, ids: set[int]) -> dict[int, TemplateVersion]:
    """Versions with their templates."""
    found = {}
    for values in fetch_all(_versions_statement(), [home, list(ids)]) if ids else ():
        parts = iter(values)
        version = made(TemplateVersion, parts)
        version.template = made(HandoffTemplate, parts)
        found[version.pk] = version
    return found


def _name(shown: dict[str, list[Any]], fields: Mapping[str, Sequence[str]], model: type[Model], home: UUID) -> None:
    """Reads everybody these fields point to at once, and hands each to its row."""
    pairs = [(shown[what], name) for what, names in fields.items() for name in names]
    found = by_ids(model, home, {id for among, name in pairs for id in _ids(among, name)})
    for among, name in pairs:
        _attach(among, name, found)


def _ids(among: list[Any], name: str) -> set[int]:
    return {getattr(row, f"{name}_id") for row in among} - {None}


def _attach(among: list[Any], name: str, found: Mapping[int, Any]) -> None:
    for row in among:
        id = getattr(row, f"{name}_id")
        if id is not None:
            setattr(row, name, found[id])
