"""The comparer of read-backs: how somebody writes does not matter, what they say does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.definition.fields import FIELD_TYPES
from handoffs.definition.read_back import restated

COLOURS = ("Dark red", "Blue", "Green, if you must")
DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def same(kind: str, said: Any, stands: Any) -> bool:
    return restated(kind, said, stands, COLOURS)[1]


@pytest.mark.parametrize(
    ("kind", "stands", "said"),
    [
        ("text", "Call Mrs Ōta first", "  call  MRS ōta\nfirst. "),
        ("text", "Don’t stop the pump – ever", "don't stop the pump - ever"),
        ("text", "straße", "STRASSE"),
        ("number", "1200", "1,200"),
        ("number", "1200", "1.200"),
        ("number", "1200", "1 200.00"),
        ("number", "1234567.5", "1.234.567,50 €"),
        ("number", "1234567.5", "$1,234,567.5"),
        ("number", "0.5", ".5"),
        ("number", "0.5", "0,5"),
        ("number", "-3", "−3"),
        ("number", "1200", 1200),
        ("date", "2026-12-01", "1.12.2026"),
        ("date", "2026-12-01", "1st of December 2026"),
        ("date", "2026-12-01", "Dec 1, 2026"),
        ("date", "2026-12-31", "12/31/2026"),
        ("date", "2026-12-31", "31/12/2026"),
        ("date", "2026-05-05", "5/5/2026"),
        ("date", "2026-12-01", date(2026, 12, 1)),
        ("date_time", "2026-12-01T07:00:30+00:00", "2026-12-01T09:00+02:00"),
        ("choice", "Dark red", "dark  red"),
        ("choices", ["Dark red", "Blue"], ["blue", "Dark Red"]),
        ("yes_no", True, "Yes"),
        ("yes_no", False, False),
        ("email", "ana@fjord.example", " Ana@Fjord.example"),
        ("link", "https://fjord.example/a/", "HTTPS://Fjord.example/a"),
        ("member", 7, "7"),
    ],
)
def test_it_says_the_same(kind: str, stands: Any, said: Any) -> None:
    assert same(kind, said, stands)


@pytest.mark.parametrize(
    ("kind", "stands", "said"),
    [
        ("text", "Do not stop the pump", "Do stop the pump"),
        ("text", "!", "?"),
        ("number", "1.2", "1,200"),
        ("number", "1200", "1,2"),
        ("number", "1200", "12.00"),
        ("number", "-3", "3"),
        ("date", "2026-12-01", "2026-01-12"),
        ("date_time", "2026-12-01T07:00:00+00:00", "2026-12-01T07:00+02:00"),
        ("choice", "Dark red", "Blue"),
        ("choices", ["Dark red", "Blue"], ["Blue"]),
        ("yes_no", True, "no"),
        ("link", "https://fjord.example/a", "https://fjord.example/A"),
        ("member", 7, 8),
    ],
)
def test_it_says_something_else(kind: str, stands: Any, said: Any) -> None:
    assert not same(kind, said, stands)


@pytest.mark.parametrize(
    ("kind", "stands", "said"),
    [
        ("text", "x", 7),
        ("number", "1", "one"),
        ("number", "1", "1e99"),
        ("number", "1", "1,23,4"),
        ("number", "1", True),
        ("number", "1", "٣ apples"),
        ("date", "2026-12-01", "3/4/2026"),
        ("date", "2026-12-01", "31 February 2026"),
        ("date", "2026-12-01", "Ju 1 2026"),
        ("date", "2026-12-01", 20261201),
        ("date_time", "2026-12-01T07:00:00+00:00", "2026-12-01T07:00"),
        ("choices", ["Blue"], "Blue"),
        ("choices", ["Blue"], [7]),
        ("yes_no", True, "perhaps"),
        ("link", "https://a.example", "https://[x"),
        ("member", 7, "Ben"),
        ("text", "x", "a\ud800"),
    ],
)
def test_what_cannot_be_read_is_no_answer(kind: str, stands: Any, said: Any) -> None:
    with pytest.raises(ValueError, match=r"^(must be|contains)"):
        same(kind, said, stands)


@settings(max_examples=60, deadline=None)
@given(number=st.decimals(-(10**9), 10**9, places=2), other=st.decimals(-(10**9), 10**9, places=2))
def test_numbers_in_every_usual_way_of_writing(number: Decimal, other: Decimal) -> None:
    stands = FIELD_TYPES["number"].clean(number, ())
    english = f"{number:,.2f}"
    for said in (
        stands,
        english,
        english.translate(str.maketrans(",.", ".,")),
        english.replace(",", " "),
        f"€{stands}",
    ):
        assert same("number", said, stands), said
    assert same("number", f"{other:,.2f}", stands) == (other == number)


@settings(max_examples=60, deadline=None)
@given(day=DAYS, other=DAYS)
def test_days_in_every_usual_way_of_writing(day: date, other: date) -> None:
    for said in (f"{day}", f"{day:%d.%m.%Y}", f"{day:%-d %B %Y}", f"{day:%B %-d, %Y}", f"{day:%d %b %Y}"):
        assert same("date", said, day.isoformat()), said
    assert same("date", f"{other:%-d %B %Y}", day.isoformat()) == (other == day)


@settings(max_examples=60, deadline=None)
@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=80))
def test_anything_says_what_it_says_and_is_never_an_error(words: str) -> None:
    assert same("text", words, words.strip())
    assert same("text", f" {words.upper().lower()} ", words.strip().upper().lower())
    for kind, stands in (("number", "1"), ("date", "2026-12-01"), ("link", "https://a.example"), ("choice", "Blue")):
        try:
            restated(kind, words, stands, COLOURS)
        except ValueError as error:
            assert str(error)


@settings(max_examples=30, deadline=None)
@given(seconds=st.integers(0, 2**31), minutes=st.integers(1, 10_000))
def test_instants_to_the_minute(seconds: int, minutes: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    assert same("date_time", instant.replace(second=0).isoformat(), instant.isoformat())
    assert not same("date_time", (instant + timedelta(minutes=minutes)).isoformat(), instant.isoformat())
