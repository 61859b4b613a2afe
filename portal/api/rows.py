"""Handoffs as lists show them, a page at a time: the inbox is what integrations ask most.

The statement is written by hand because composing it anew for each request took longer than answering it. It gives ids
of people and teams, named by a second one: joins that name them all take PostgreSQL longer to plan than to read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Priority
from portal.api import shapes
from portal.api.names import Names
from tenants.models import Organization
from tenants.prepared import fetch_all

PRIORITY: Mapping[int, shapes.PriorityWord] = {
    Priority.NORMAL: "normal",
    Priority.HIGH: "high",
    Priority.URGENT: "urgent",
}
PRIORITY_NAMED: Mapping[str, Priority] = {word: Priority(number) for number, word in PRIORITY.items()}


_OFFER = """o.seq, o.verb, o.state, o.giver_id, o.from_team_id, o.to_team_id, o.to_member_id, o.message, o.offered_at,
    o.due_at, o.delivered_at, o.viewed_at, o.closed_at, o.reason_code, o.reason"""
_ROW = f"""SELECT page.id, h.id, h.number, h.title, h.state, h.priority, h.workspace_id, h.template_version_id,
    h.sender_id, h.sender_team_id, h.custodian_id, h.custodian_team_id, h.complete_due_at, h.created_at, h.changed_at,
    h.closed_at, {_OFFER}"""
_PAGE = "FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS page (id, place)"


def _by_id(table: str, id: str, alias: str, join: str = "CROSS JOIN") -> str:
    """A row found by its own id, one at a time: OFFSET 0 keeps the planner from reading the whole organization."""
    return (
        f"{join} LATERAL (SELECT * FROM {table} WHERE organization_id = %(organization)s AND id = {id} "
        f"OFFSET 0) AS {alias}"
    )


_BY_HANDOFF = f"""{_ROW} {_PAGE} {_by_id("handoffs_handoff", "page.id", "h")}
    {_by_id("handoffs_offer", "h.open_offer_id", "o", "LEFT JOIN")} ON true
    ORDER BY page.place"""
_BY_OFFER = f"""{_ROW} {_PAGE} {_by_id("handoffs_offer", "page.id", "o")}
    {_by_id("handoffs_handoff", "o.handoff_id", "h")}
    WHERE h.open_offer_id = o.id ORDER BY page.place"""
_OFFERS = f"SELECT {_OFFER} FROM handoffs_offer AS o WHERE o.organization_id = %s AND o.handoff_id = %s ORDER BY o.seq"


class Read(NamedTuple):
    """One row, by the id it was asked for, and its handoff's id."""

    id: int
    handoff_id: int
    row: shapes.HandoffRow


def by_handoff(ids: Sequence[int], organization: Organization) -> list[Read]:
    """The rows of these handoffs, in this order."""
    return _read(_BY_HANDOFF, ids, organization)


def by_offer(ids: Sequence[int], organization: Organization) -> list[Read]:
    """The rows of the handoffs of these offers, in this order; an offer that is not open any more is left out."""
    return _read(_BY_OFFER, ids, organization)


def offers_of(handoff_id: int, organization: Organization) -> list[shapes.Offer]:
    """Every offer of one handoff, first to last."""
    names = Names()
    offers = [_offer(iter(values), names) for values in fetch_all(_OFFERS, [organization.pk, handoff_id])]
    names.read(organization)
    return offers


def _read(statement: str, ids: Sequence[int], organization: Organization) -> list[Read]:
    names = Names()
    if not ids:
        return []
    asked = {"ids": list(ids), "organization": organization.pk}
    found = [_row(iter(values), names) for values in fetch_all(statement, asked)]
    names.read(organization)
    return found


def _row(values: Iterator[Any], names: Names) -> Read:
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
            "workspace": names.workspace(take()),
            "template": names.template_or_none(take()),
            "sender": names.member(take()),
            "sender_team": names.team_or_none(take()),
            "custodian": names.member_or_none(take()),
            "custodian_team": names.team_or_none(take()),
            "complete_due_at": take(),
            "created_at": take(),
            "changed_at": take(),
            "closed_at": take(),
            "open_offer": _offer(values, names),
        },
    )


def _offer(values: Iterator[Any], names: Names) -> Any:
    """The offer, or None where there is none (it then has no number)."""
    take = values.__next__
    seq = take()
    if seq is None:
        return None
    offer: shapes.Offer = {
        "seq": seq,
        "verb": Verb(take()),
        "state": OfferState(take()),
        "giver": names.member(take()),
        "from_team": names.team_or_none(take()),
        "to_team": names.team(take()),
        "to_member": names.member_or_none(take()),
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
