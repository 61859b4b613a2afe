"""Handoffs as lists show them, a page at a time by one statement: the inbox is what integrations ask most.

The statement is written by hand because composing it anew for each request took longer than answering it. Names are
scalar subqueries, since a dozen joins of protected tables take PostgreSQL longer to plan than to read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Priority
from portal.api import shapes
from tenants.models import Organization

PRIORITY: Mapping[int, shapes.PriorityWord] = {
    Priority.NORMAL: "normal",
    Priority.HIGH: "high",
    Priority.URGENT: "urgent",
}
PRIORITY_NAMED: Mapping[str, Priority] = {word: Priority(number) for number, word in PRIORITY.items()}


def _name(table: str, reference: str) -> str:
    """The columns that tell who or what `reference` points to: id and name."""
    alias, column = reference.split(".")
    named = f"SELECT name FROM {table} AS n WHERE n.organization_id = {alias}.organization_id AND n.id = {reference}"
    return f"{alias}.{column}, ({named})"


def _member(reference: str) -> str:
    return _name("tenants_member", reference)


def _team(reference: str) -> str:
    return _name("tenants_team", reference)


_OFFER = f"""o.seq, o.verb, o.state, {_member("o.giver_id")}, {_team("o.from_team_id")}, {_team("o.to_team_id")},
    {_member("o.to_member_id")}, o.message, o.offered_at, o.due_at, o.delivered_at, o.viewed_at, o.closed_at,
    o.reason_code, o.reason"""
_ROW = f"""SELECT page.id, w.kind, h.number, h.title, h.state, h.priority, w.id, w.name,
    {_name("handoffs_handofftemplate", "v.template_id")}, v.number,
    {_member("h.sender_id")}, {_team("h.sender_team_id")}, {_member("h.custodian_id")},
    {_team("h.custodian_team_id")}, h.complete_due_at, h.created_at, h.changed_at, h.closed_at, {_OFFER}"""
_PAGE = "FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS page (id, place)"
_BESIDE = """
    JOIN tenants_workspace AS w ON w.organization_id = h.organization_id AND w.id = h.workspace_id
    LEFT JOIN handoffs_templateversion AS v ON v.organization_id = h.organization_id AND v.id = h.template_version_id
    ORDER BY page.place"""
_BY_HANDOFF = f"""{_ROW} {_PAGE}
    JOIN handoffs_handoff AS h ON h.organization_id = %(organization)s AND h.id = page.id
    LEFT JOIN handoffs_offer AS o ON o.organization_id = h.organization_id AND o.id = h.open_offer_id {_BESIDE}"""
_BY_OFFER = f"""{_ROW} {_PAGE}
    JOIN handoffs_offer AS o ON o.organization_id = %(organization)s AND o.id = page.id
    JOIN handoffs_handoff AS h ON h.organization_id = o.organization_id AND h.open_offer_id = o.id
        AND h.id = o.handoff_id {_BESIDE}"""
_OFFERS = f"SELECT {_OFFER} FROM handoffs_offer AS o WHERE o.organization_id = %s AND o.handoff_id = %s ORDER BY o.seq"


class Read(NamedTuple):
    """One row, by the id it was asked for, with the kind of its workspace."""

    id: int
    workspace_kind: str
    row: shapes.HandoffRow


def by_handoff(ids: Sequence[int], organization: Organization) -> list[Read]:
    """The rows of these handoffs, in this order."""
    return _read(_BY_HANDOFF, ids, organization)


def by_offer(ids: Sequence[int], organization: Organization) -> list[Read]:
    """The rows of the handoffs of these offers, in this order; an offer that is not open any more is left out."""
    return _read(_BY_OFFER, ids, organization)


def offers_of(handoff_id: int, organization: Organization) -> list[shapes.Offer]:
    """Every offer of one handoff, first to last."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, [organization.pk, handoff_id])
        return [_offer(iter(values)) for values in cursor.fetchall()]


def _read(statement: str, ids: Sequence[int], organization: Organization) -> list[Read]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids), "organization": organization.pk})
        return [_row(iter(values)) for values in cursor.fetchall()]


def _row(values: Iterator[Any]) -> Read:
    """Takes the values one by one, in the order of the columns."""
    take = values.__next__
    return Read(
        take(),
        take(),
        {
            "reference": f"HO-{take()}",
            "title": take(),
            "state": State(take()),
            "priority": PRIORITY[take()],
            "workspace": {"id": take(), "name": take()},
            "template": _template(take(), take(), take()),
            "sender": {"id": take(), "name": take()},
            "sender_team": _named(take(), take()),
            "custodian": _named(take(), take()),
            "custodian_team": _named(take(), take()),
            "complete_due_at": take(),
            "created_at": take(),
            "changed_at": take(),
            "closed_at": take(),
            "open_offer": _offer(values),
        },
    )


def _offer(values: Iterator[Any]) -> Any:
    """The offer, or None where there is none (it then has no number)."""
    take = values.__next__
    seq = take()
    if seq is None:
        return None
    offer: shapes.Offer = {
        "seq": seq,
        "verb": Verb(take()),
        "state": OfferState(take()),
        "giver": {"id": take(), "name": take()},
        "from_team": _named(take(), take()),
        "to_team": {"id": take(), "name": take()},
        "to_member": _named(take(), take()),
        "message": take(),
        "offered_at": take(),
        "due_at": take(),
        "delivered_at": take(),
        "viewed_at": take(),
        "closed_at": take(),
        "reason_code": take(),
        "reason": take(),
    }
    return offer


def _named(id: int | None, name: str) -> shapes.Named | None:
    return None if id is None else {"id": id, "name": name}


def _template(id: int | None, name: str, version: int) -> shapes.TemplateName | None:
    return None if id is None else {"id": id, "name": name, "version": version}
