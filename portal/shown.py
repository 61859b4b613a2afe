"""Values of a template's fields as people read them, in the reader's zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handoffs.definition.specification import Field
from portal.templatetags.times import in_words
from tenants.models import Member


def shown_value(field: Field, value: Any, names: Mapping[int, str], now: datetime) -> str:
    """The text of one value; `names` are those of the members that member fields name."""
    if field.type.name == "member":
        return names.get(value, "Somebody who left")
    if field.type.name == "date_time":
        return in_words(datetime.fromisoformat(value), None, now)
    return field.type.show(value)


def shown_values(pairs: Sequence[tuple[Field, Any]], reader: Member, now: datetime) -> list[str]:
    """The texts of several values, with the members among them read by one statement."""
    ids = {value for field, value in pairs if field.type.name == "member"}
    members = Member.objects.filter(organization_id=reader.organization_id, id__in=ids)
    names = dict(members.values_list("id", "name")) if ids else {}
    return [shown_value(field, value, names, now) for field, value in pairs]
