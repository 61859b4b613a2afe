"""The quick renderer writes what the framework's own would, to the byte."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from handoffs.lifecycle import State
from handoffs.models import Priority
from portal.api.rendering import JSON

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VALUES: list[Any] = [
    *(None, True, 0, -1.5, 2**63, 2**80, "", "Zoë “ß” \u2028 \u2029 \x00 \x1f 😀 </script>"),
    *(State.ON_HOLD, Priority.HIGH, gettext_lazy("Draft"), mark_safe("<b>"), Decimal("1.50")),
    *(AT, AT.replace(microsecond=120), AT.replace(tzinfo=None), AT.astimezone(ZoneInfo("Asia/Kathmandu"))),
    *(AT.astimezone(timezone(-timedelta(hours=3, minutes=30))), date(2026, 1, 2), time(9, 5), timedelta(hours=1)),
    *(UUID(int=7), (1, "a"), [], {}, {"a": {"b": [AT, None]}}, {1: "a", "2": "b"}, {State.DRAFT: 1}),
]
_leaves = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
_leaves |= st.datetimes(timezones=st.just(UTC)) | st.uuids()


def same(value: Any) -> bool:
    return JSON().render(value) == JSONRenderer().render(value)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_each_kind_of_value(value: Any) -> None:
    assert same({"value": value, "again": [value]})


@given(st.recursive(_leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text("ab\u2028"), inner), max_leaves=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_there_is(value: Any) -> None:
    assert same(value)


def test_nothing_is_written_as_nothing() -> None:
    assert JSON().render(None) == b""
