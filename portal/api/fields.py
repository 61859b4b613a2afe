"""Fields of requests that the framework does not have: things named by id, instants with a zone, priorities."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from portal.api.rows import PRIORITY_NAMED
from tenants.models import Member

LARGEST_ID = 2**63 - 1


class Named(serializers.IntegerField):
    """Something the member knows of, by id. What they may not know of is told like what does not exist."""

    def __init__(self, find: Callable[[Member, int], Model | None], thing: str, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)
        self.find = find
        self.thing = thing

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The row with this id, the default or None; 422 when there is none that the member knows of."""
        id = super().run_validation(data)
        if not isinstance(id, int):
            return id
        found = self.find(self.context["member"], id)
        if found is None:
            raise serializers.ValidationError(f"There is no such {self.thing}.")
        return found


class Instant(serializers.DateTimeField):
    """An instant as RFC 3339 writes it; a zone must be given, for guessing one would be off by hours."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """The same instant in UTC."""
        if value.tzinfo is None:
            raise serializers.ValidationError("Give a zone too, such as 2026-12-01T09:00:00+02:00.")
        return super().enforce_timezone(value)


class PriorityWord(serializers.ChoiceField):
    """`normal`, `high` or `urgent`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(PRIORITY_NAMED), **options)

    def to_internal_value(self, data: Any) -> Any:
        """The priority of this name."""
        return PRIORITY_NAMED[super().to_internal_value(data)]
