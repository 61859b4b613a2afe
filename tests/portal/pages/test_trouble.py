"""Trouble: every way a request can end badly has a page that says what to do, and a problem for programs."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from handoffs.lifecycle import State
from handoffs.models import Document
from tenants.actions import issue_token
from tests.portal.pages.conftest import Visit
from tests.world import World


def number(page: bytes) -> str:
    return page.decode().partition('<p class="number">')[2].partition("</p>")[0]


@pytest.fixture
def small_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_DOCUMENT_LIMIT_BYTES", 1024)


def test_a_body_larger_than_any_document_is_not_read(world: World, visit: Visit, small_documents: None) -> None:
    handoff = world.handoff(State.ACCEPTED)
    huge = SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n" + b"x" * 1_100_000)
    answer = visit("ben").post(f"handoffs/{handoff.reference}/attach/", file=huge)
    assert (answer.status_code, number(answer.content)) == (413, "413")
    assert "Go back: what you wrote is still there" in answer.content.decode()
    assert not Document.objects.filter(handoff=handoff).exists()
    _, key = issue_token(member=world.ben, name="Mine", by=world.ben, at=world.now)
    answer = Client().post(
        f"/o/fjord/api/handoffs/{handoff.reference}/attach",
        b"x" * 1_100_000,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_words_without_end_are_too_large(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.ACCEPTED)
    answer = visit("ben").post(f"handoffs/{handoff.reference}/note/", note="x" * 3_000_000)
    assert (answer.status_code, number(answer.content)) == (413, "413")
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize("length", ["x", "-1", "9" * 400, ""])
def test_a_length_that_is_none_is_answered(world: World, length: str) -> None:
    assert Client().get("/accounts/login/", CONTENT_LENGTH=length).status_code in (200, 400, 413)


def test_without_its_database_it_says_so_and_when_to_come_back(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    ana = visit("ana")
    ana.client.raise_request_exception = False
    monkeypatch.setattr("portal.pages.inbox.desk_of", gone)
    answer = ana.get()
    assert (answer.status_code, number(answer.content), answer["Retry-After"]) == (503, "503", "20")
    assert "closed the connection" not in answer.content.decode()
    monkeypatch.setattr("tenants.address.at_once", gone)
    assert ana.get().status_code == 503
    answer = ana.get("api/handoffs/")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_fault_of_ours_tells_nothing_of_it(world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("our own mistake")

    ana = visit("ana")
    ana.client.raise_request_exception = False
    monkeypatch.setattr("portal.pages.inbox.desk_of", broken)
    answer = ana.get()
    assert (answer.status_code, number(answer.content)) == (500, "500")
    assert "mistake" not in answer.content.decode()


def test_a_form_from_elsewhere_or_from_before_is_explained(world: World) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ana@fjord.example"})
    assert (answer.status_code, number(answer.content)) == (403, "403")
    assert "copy what you wrote first" in answer.content.decode()
