"""Whatever is sent, the answer is the sender's fault and never ours."""

from typing import Any

import pytest

from handoffs.lifecycle import State
from tests.portal.api.conftest import HOME, Call
from tests.world import World

QUERIES = [
    "state=%00",
    "state=%ED%A0%80",
    "state=nonsense",
    "state=",
    "box=everything",
    "workspace=abc",
    "workspace=-1",
    "workspace=99999999999999999999999",
    "workspace=" + "9" * 5000,
    "workspace=1e400",
    "template=0",
    "template=9223372036854775808",
    "priority=4",
    "priority=NORMAL",
    "updated_since=yesterday",
    "updated_since=2026-01-01T00:00:00",
    "updated_since=0001-01-01T00:00:00%2B14:00",
    "updated_since=99999-01-01T00:00:00Z",
    "updated_since=%00",
    "limit=0",
    "limit=101",
    "limit=ten",
    "cursor=%00",
    "cursor=nonsense",
    "cursor=WyJhbGwiXQ",
    "cursor=WyJhbGwiLCAxZTQwMF0",
    "cursor=WyJhbGwiLCAiMSJd",
    "cursor=WyJhbGwiLCB0cnVlXQ",
    "cursor=WyJhbGwiLCAtMV0",
    "cursor=WyJoZWxkIiwgIjIwMjYiLCAxXQ&box=held",
    "cursor=WyJoZWxkIiwgMSwgMV0&box=held",
    "cursor=WyJhbGwiLCAxXQ&box=held",
    "cursor=" + "A" * 500,
    "q=%00",
    "q=" + "a" * 201,
    "colour=blue",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_makes_no_sense_is_422_and_names_the_field(world: World, call: Call, query: str) -> None:
    answer = call(world.ana).get(f"handoffs/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), query
    assert list(answer.json()["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "query",
    [
        "q=HO-99999999999999999999",
        "q=HO-%D9%A1",
        "q=%ED%A0%80",
        "updated_since=0001-01-01T00:00:00Z",
        "updated_since=9999-12-31T23:59:59-11:59",
        "workspace=9223372036854775807",
        "state=draft&state=draft",
        "limit=&cursor=&workspace=",
        "workspace=%D9%A1",
    ],
)
def test_a_query_that_is_only_odd_finds_nothing_or_something(world: World, call: Call, query: str) -> None:
    assert call(world.ana).get(f"handoffs/?{query}").status_code in (200, 422)


BODIES: list[Any] = [
    (b"{", 400),
    (b"", 422),
    (b"null", 422),
    (b"[]", 422),
    (b'"text"', 422),
    (b"1", 422),
    (b"\xff\xfe", 400),
    (b'{"title": NaN}', 400),
    (b'{"title": "a\\u0000b", "workspace": 1}', 400),
    (b'{"title": "a\\ud800b", "workspace": 1}', 400),
    (b'{"a\\u0000": 1}', 400),
    (b"[" * 100_000, 400),
    (b'{"a":' * 100_000, 400),
    (b"[" * 900 + b"]" * 900, 400),
    (b"[" * 64 + b"]" * 64, 422),
    (b"[" * 66 + b"]" * 66, 400),
    (b'{"title": ' + b"9" * 5000 + b"}", 400),
    (b'{"workspace": 1e999, "title": "x"}', 422),
    (b'{"workspace": 99999999999999999999999, "title": "x"}', 422),
    (b'{"workspace": true, "title": "x"}', 422),
    (b'{"workspace": {}, "title": "x"}', 422),
    (b'{"title": "' + b"a" * 3_000_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_cannot_be_read_or_taken(world: World, call: Call, body: bytes, status: int) -> None:
    answer = call(world.ana).post("handoffs/", body)
    assert answer.status_code == status, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", ""),
        ("title", "  "),
        ("title", 12),
        ("title", True),
        ("title", ["a"]),
        ("title", "a" * 201),
        ("summary", {"a": 1}),
        ("summary", "a" * 20_001),
        ("priority", 4),
        ("priority", ["normal"]),
        ("priority", None),
        ("template", "abc"),
        ("template", 0),
        ("template", 10**15),
        ("context", []),
        ("context", "x"),
        ("context", {"no_such_field": 1}),
        ("from_team", -1),
        ("sender", 1),
    ],
)
def test_a_draft_with_a_wrong_word_is_422(world: World, call: Call, field: str, value: Any) -> None:
    words = {"workspace": world.projects.pk, "title": "Fine", field: value}
    answer = call(world.ana).post("handoffs/", words)
    assert answer.status_code == 422, answer.json()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("contract_value", "many"),
        ("contract_value", True),
        ("contract_value", "1e99999"),
        ("contract_value", {"a": 1}),
        ("start_date", "2026-02-30"),
        ("start_date", ["2026-01-01"]),
        ("billing_contact", "nobody"),
        ("billing_contact", 12),
    ],
)
def test_a_context_value_of_the_wrong_kind_names_its_field(world: World, call: Call, key: str, value: Any) -> None:
    template = world.template("sales_onboarding").template_id
    words = {"workspace": world.projects.pk, "title": "Fine", "template": template, "context": {key: value}}
    answer = call(world.ana).post("handoffs/", words)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_context")
    assert [shortfall["key"] for shortfall in answer.json()["missing"]] == [key]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("hold", {"reason": "Away", "until": "2031-05-01T09:00:00"}),
        ("hold", {"reason": "Away", "until": "2001-05-01T09:00:00Z"}),
        ("hold", {"reason": "", "until": "2031-05-01T09:00:00Z"}),
        ("hold", {"until": "2031-05-01T09:00:00Z"}),
        ("pass_on", {}),
        ("pass_on", {"to_team": "Onboarding"}),
        ("pass_on", {"to_team": 10**12}),
        ("hand_back", {"reason": "x", "reason_code": "because"}),
        ("tick", {"item": "nowhere"}),
        ("tick", {"item": "a" * 41}),
        ("link", {"url": "javascript:alert(1)"}),
        ("link", {"url": "http://[::1"}),
        ("ask", {"body": " "}),
        ("note", {"body": "x", "internal": "perhaps"}),
        ("answer", {"question": 2**63, "body": "x"}),
        ("complete", {"result": {"no_such_field": 1}}),
    ],
)
def test_a_verb_with_wrong_words_is_422(world: World, call: Call, verb: str, words: Any) -> None:
    handoff = world.handoff(at=State.STARTED)
    answer = call(world.ben).post(f"handoffs/{handoff.reference}/{verb}", words)
    assert answer.status_code == 422, answer.json()
    assert len(answer.json()["detail"]) > 10


@pytest.mark.parametrize("path", ["workspaces", "teams", "members", "notices", "handoffs/HO-1/events"])
@pytest.mark.parametrize("query", ["cursor=%00", "limit=x", "colour=blue"])
def test_every_list_reads_its_query_as_strictly(world: World, call: Call, path: str, query: str) -> None:
    assert call(world.ana).get(f"{path}/?{query}").status_code == 422


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "nonsense"])
def test_a_request_cannot_choose_how_it_is_read(world: World, call: Call, charset: str) -> None:
    client = call(world.ana).client
    address = f"{HOME}handoffs/?q=%C3%A9"
    assert client.generic("GET", address, content_type=f"text/plain; charset={charset}").status_code == 200
    answer = client.generic("POST", address, b"{}", content_type=f"application/json; charset={charset}")
    assert answer.status_code == 422


@pytest.mark.parametrize("content_type", ["text/xml", "application/x-www-form-urlencoded", "nonsense", ""])
def test_only_json_is_read(world: World, call: Call, content_type: str) -> None:
    answer = call(world.ana).client.post(f"{HOME}handoffs/", b"title=x", content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"]
)
@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_broken_form_is_not_our_fault(world: World, call: Call, content_type: str, body: bytes) -> None:
    handoff = world.handoff()
    address = f"{HOME}handoffs/{handoff.reference}/attach"
    answer = call(world.ana).client.post(address, body, content_type=content_type)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_with_thousands_of_fields_is_refused(world: World, call: Call) -> None:
    handoff = world.handoff()
    answer = call(world.ana).send(f"handoffs/{handoff.reference}/attach", **{f"f{i}": "x" for i in range(2100)})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["handoffs/", "me/", "handoffs/HO-1001/accept"])
def test_a_method_that_is_not_there_is_405(world: World, call: Call, path: str, method: str) -> None:
    answer = getattr(call(world.ana).client, method)(HOME + path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer["Allow"] or answer["Allow"] == "POST"


@pytest.mark.parametrize("path", ["", "nothing", "handoffs/HO-1001/dance", "handoffs/HO-1001/draft", "../", "%00"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_address_that_is_not_there_is_404(world: World, call: Call, path: str, method: str) -> None:
    answer = getattr(call(world.ana).client, method)(HOME + path)
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")
