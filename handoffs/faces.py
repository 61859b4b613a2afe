"""What a row or a page header shows beside the handoff itself: people, teams, workspace, template and offer.

Five small statements for any number of handoffs. One statement with thirteen joins took PostgreSQL longer to plan than
all of these take together, and a list kept whole in an index order must not be joined at all.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from handoffs.handoff import Handoff
from handoffs.models import Offer, TemplateVersion
from tenants.models import Member, Team, Workspace

M = TypeVar("M", bound=Model)

_MEMBERS = {"handoff": ("sender", "custodian"), "offer": ("giver", "to_member", "viewed_by")}
_TEAMS = {"handoff": ("sender_team", "custodian_team"), "offer": ("from_team", "to_team"), "version": ("target_team",)}


def show_faces(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """The same handoffs, with everybody and everything in their rows read; all are of one organization."""
    known = list(handoffs)
    if not known:
        return known
    home = known[0].organization_id
    versions = TemplateVersion.objects.select_related("template")
    _attach(known, "workspace", _read(Workspace.objects.all(), home, known, "workspace"))
    _attach(known, "open_offer", _read(Offer.objects.all(), home, known, "open_offer"))
    _attach(known, "template_version", _read(versions, home, known, "template_version"))
    shown: dict[str, list[Any]] = {
        "handoff": known,
        "offer": [handoff.open_offer for handoff in known if handoff.open_offer],
        "version": [handoff.template_version for handoff in known if handoff.template_version],
    }
    _name(shown, _MEMBERS, Member.objects.all(), home)
    _name(shown, _TEAMS, Team.objects.all(), home)
    return known


def with_faces(organization_id: UUID, ids: Iterable[int]) -> dict[int, Handoff]:
    """The handoffs with these ids, by id."""
    known = Handoff.objects.filter(organization_id=organization_id, id__in=list(ids))
    return {row.pk: row for row in show_faces(known)}


def _name(shown: dict[str, list[Any]], fields: dict[str, tuple[str, ...]], rows: Any, home: UUID) -> None:
    """Reads everybody these fields point to at once, and hands each to its row."""
    pairs = [(shown[what], name) for what, names in fields.items() for name in names]
    ids = {getattr(row, f"{name}_id") for among, name in pairs for row in among} - {None}
    found = {row.pk: row for row in rows.filter(organization_id=home, pk__in=ids)} if ids else {}
    for among, name in pairs:
        _attach(among, name, found)


def _read(rows: Any, home: UUID, among: list[Any], name: str) -> dict[int, Any]:
    ids = {getattr(row, f"{name}_id") for row in among} - {None}
    return {row.pk: row for row in rows.filter(organization_id=home, pk__in=ids)} if ids else {}


def _attach(among: list[Any], name: str, found: dict[int, Any]) -> None:
    for row in among:
        id = getattr(row, f"{name}_id")
        if id is not None:
            setattr(row, name, found[id])
