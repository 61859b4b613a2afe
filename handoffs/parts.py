"""Rows that belong to one handoff, read by statements that are composed once."""

from typing import TypeVar

from handoffs.handoff import Handoff
from tenants.models import TenantModel
from tenants.records import records

R = TypeVar("R", bound=TenantModel)


def records_of(handoff: Handoff, model: type[R], order: str, *along: str, where: str = "true") -> list[R]:
    """The handoff's rows of this table in this order; `order` and `where` are SQL, written in the code that asks.

    `along` names references whose rows are read in the same statement.
    """
    order = ", ".join(f"one.{column}" for column in order.split(", "))
    rest = f"WHERE one.organization_id = %s AND one.handoff_id = %s AND {where} ORDER BY {order}"
    return records(model, rest, [handoff.organization_id, handoff.pk], *along)
