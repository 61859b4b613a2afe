"""The document: what is read can be written and read again, and nothing that anybody sends breaks the reader."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.flows import document
from handoffs.flows.conditions import parsed
from handoffs.flows.plan import Plan
from tests.handoffs.flows.some import UNHURRIED, conditions, plans

NAMES = st.sampled_from(
    (
        "roles",
        "steps",
        "key",
        "label",
        "kind",
        "after",
        "step",
        "when",
        "within",
        "pause",
        "cast",
        "takes",
        "accept",
        "x",
    )
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(("PT4H", "a", "all", "\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=40,
)
ONE = {"key": "intake", "label": "Intake"}


@UNHURRIED
@given(plans())
def test_what_is_written_reads_as_the_same_plan_and_keeps_to_the_schema(plan: Plan) -> None:
    written = json.loads(json.dumps(document.written(plan)))
    assert document.read(written) == plan
    jsonschema.Draft202012Validator(document.SCHEMA).validate(written)


@UNHURRIED
@given(ANYTHING)
def test_whatever_is_sent_is_read_or_refused_with_places(sent: Any) -> None:
    for given_ in (sent, {"steps": [ONE, sent]}, {"roles": [ONE], "steps": sent}, {"steps": [ONE | {"after": sent}]}):
        try:
            plan = document.read(given_)
        except document.Unreadable as fault:
            assert fault.problems
            assert all(problem.sentence and problem.code for problem in fault.problems)
        else:
            assert document.written(document.read(document.written(plan))) == document.written(plan)


@given(st.text() | st.binary())
def test_any_text_is_read_as_json_or_refused(text: str | bytes) -> None:
    try:
        document.read(document.read_text(text))
    except document.Unreadable as fault:
        json.dumps([problem.as_data() for problem in fault.problems]).encode()


@given(conditions(["intake", "review"]))
def test_a_condition_reads_as_what_it_writes(condition: Any) -> None:
    assert str(parsed(str(condition))) == str(condition)


HOSTILE = {
    "deep": "[" * 200_000,
    "deep objects": '{"a":' * 100_000,
    "a huge number": "1" * 10_000,
    "too much": "[" + "1," * 600_000 + "1]",
    "not a number": '{"steps": [{"key": "a", "label": NaN}]}',
    "a name twice": '{"steps": [], "steps": []}',
    "a name of a lone surrogate twice": '{"\\ud800": 1, "\\ud800": 2}',
    "a lone surrogate": '{"steps": [{"key": "a", "label": "\\ud800"}]}',
    "NUL": '{"steps": [{"key": "a", "label": "x\\u0000"}]}',
    "a name of a lone surrogate": '{"\\ud800": 1}',
    "a list": "[]",
    "null": "null",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused_in_words_that_can_be_sent(text: str) -> None:
    with pytest.raises(document.Unreadable) as caught:
        document.read(document.read_text(text))
    json.dumps([problem.as_data() for problem in caught.value.problems], ensure_ascii=False).encode()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "two steps of one key": ({"steps": [ONE, ONE]}, "steps/1/key"),
    "no label": ({"steps": [{"key": "a"}]}, "steps/0"),
    "an unknown name": ({"steps": [ONE | {"owner": "x"}]}, "steps/0/owner"),
    "no condition": (
        {"steps": [ONE, {**ONE, "key": "b", "after": [{"step": "a", "when": "a.b"}]}]},
        "steps/1/after/0/when",
    ),
    "a duration in days": ({"steps": [ONE | {"within": {"accept": "P1D"}}]}, "steps/0/within/accept"),
    "no time at all": ({"steps": [ONE | {"pause": {"lasts": "PT0M"}}]}, "steps/0/pause/lasts"),
    "a loop without end": (
        {"steps": [ONE | {"after": [{"step": "a", "again_at_most": 10**30}]}]},
        "steps/0/after/0/again_at_most",
    ),
    "a path without a side": (
        {"steps": [ONE | {"takes": [{"field": "a", "source": "x.y"}]}]},
        "steps/0/takes/0/source",
    ),
    "too many steps": ({"steps": [{"key": f"s{n}", "label": "S"} for n in range(201)]}, "steps"),
    "a number for a flag": ({"steps": [ONE | {"may_skip": 1}]}, "steps/0/may_skip"),
}


@pytest.mark.parametrize(("sent", "place"), WRONG.values(), ids=WRONG)
def test_each_fault_is_named_at_its_place(sent: dict[str, Any], place: str) -> None:
    with pytest.raises(document.Unreadable) as caught:
        document.read(sent)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_many_faults_are_listed_together_up_to_a_hundred() -> None:
    with pytest.raises(document.Unreadable) as caught:
        document.read({"roles": 1, "steps": [{"key": "A"} for _ in range(200)]})
    assert len(caught.value.problems) == 100


def test_fields_whose_keys_begin_with_a_digit_can_be_named() -> None:
    assert str(parsed("intake.result.3_months = yes and review.context.Amount > 0.0000001")) == (
        "intake.result.3_months = yes and review.context.Amount > 0.0000001"
    )
