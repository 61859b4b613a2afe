"""The door of the web application: charsets that are no text encoding."""

from typing import Any

import pytest

from portal.charset import SENTENCE, is_text, polite


@pytest.mark.parametrize(
    ("content_type", "fine"),
    [
        ("", True),
        ("text/plain", True),
        ("application/json; charset=utf-8", True),
        ("application/json; charset=latin-1", True),
        ("application/json; charset=no-such-thing", True),
        ("application/json; charset=base64", False),
        ("text/html; charset=rot13", False),
        ('text/html; charset="hex"', False),
    ],
)
def test_only_text_encodings_come_in(content_type: str, fine: bool) -> None:
    assert is_text(content_type) is fine


def test_what_cannot_be_read_is_a_415_with_a_sentence() -> None:
    told: list[Any] = []

    def never(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise AssertionError("the application must not be asked")

    body = polite(never)({"CONTENT_TYPE": "application/json; charset=base64"}, lambda *answer: told.append(answer))
    assert b"".join(body).decode() == SENTENCE
    assert told[0][0].startswith("415")
