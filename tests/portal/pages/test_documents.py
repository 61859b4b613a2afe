"""A document goes out only as an attachment, only to those who may see it, and never under a type that runs."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Document, Handoff
from tests.drawable import picture
from tests.handoffs.worker import work_off
from tests.portal.pages.conftest import Visit
from tests.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def attached(handoff: Handoff, world: World, name: str, content: bytes, **given: Any) -> Document:
    file = ContentFile(content, name=name)
    actions.attach(handoff, by=world.ana, at=world.later(minutes=1), file=file, name=name, **given)
    return handoff.documents.latest("id")


def address(handoff: Handoff, document: Document) -> str:
    return f"handoffs/{handoff.reference}/documents/{document.uid}/"


@pytest.mark.parametrize(
    ("name", "content", "type"),
    [
        ("notes.txt", b"Plain words\n", "text/plain; charset=utf-8"),
        ("picture.png", PNG, "image/png"),
        ("contract.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF", "application/pdf"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream"),
        ("picture.png", b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        ("Zürich “final”.txt", b"Words", "text/plain; charset=utf-8"),
    ],
)
def test_always_as_an_attachment_of_a_harmless_type(
    name: str, content: bytes, type: str, world: World, visit: Visit
) -> None:
    handoff = world.handoff()
    answer = visit("ana").get(address(handoff, attached(handoff, world, name, content)))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Type"] == type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_only_with_its_own_handoff_and_only_for_those_who_see_it(world: World, visit: Visit) -> None:
    handoff, other = world.handoff(), world.handoff(title="Another")
    document = attached(handoff, world, "notes.txt", b"Words")
    assert b"".join(visit("ben").get(address(handoff, document)).streaming_content) == b"Words"
    assert visit("ana").get(address(other, document)).status_code == 404
    assert visit("nils").get(address(handoff, document)).status_code == 404
    assert visit("stan").get(address(handoff, document)).status_code == 404
    assert visit("ana").post(address(handoff, document)).status_code == 405
    nowhere = f"handoffs/{handoff.reference}/documents/00000000-0000-0000-0000-000000000000/"
    assert visit("ana").get(nowhere).status_code == 404
    assert visit("ana").get(f"handoffs/{handoff.reference}/documents/not-a-uuid/").status_code == 404


def test_a_client_does_not_get_what_is_internal(world: World, visit: Visit) -> None:
    handoff = world.handoff(workspace=world.northwind)
    document = attached(handoff, world, "margins.txt", b"Forty per cent", internal=True)
    assert visit("cleo").get(f"handoffs/{handoff.reference}/").status_code == 200
    assert visit("cleo").get(address(handoff, document)).status_code == 404


def test_a_file_that_is_gone_is_404_and_told_to_the_operators(
    world: World, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    handoff = world.handoff()
    document = attached(handoff, world, "notes.txt", b"Words")
    document.file.storage.delete(document.file.name)
    assert visit("ana").get(address(handoff, document)).status_code == 404
    assert "gone from the disk" in caplog.text


def test_every_version_can_be_had(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    first = attached(handoff, world, "notes.txt", b"One")
    second = attached(handoff, world, "notes.txt", b"Two")
    text = visit("ana").read(f"handoffs/{handoff.reference}/")
    for document in (first, second):
        assert address(handoff, document) in text
    assert b"".join(visit("ana").get(address(handoff, first)).streaming_content) == b"One"


def test_the_first_page_is_shown_to_whoever_may_have_the_document(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    for name, internal in (("plan.png", False), ("margin.png", True)):
        file = ContentFile(picture(size=(90, 90 + len(name))), name=name)
        actions.attach(handoff, by=world.ana, at=world.later(minutes=1), file=file, name=name, internal=internal)
    plan, margin = (Document.objects.get(name=name) for name in ("plan.png", "margin.png"))

    def at(document: Document, size: str = "small") -> str:
        return f"handoffs/{handoff.reference}/documents/{document.uid}/{size}.png"

    cleo = visit("cleo")
    assert cleo.get(at(plan)).status_code == 404, "not drawn yet"
    work_off()
    page = cleo.read(f"handoffs/{handoff.reference}/")
    assert f'src="/o/fjord/{at(plan)}" alt="First page of plan.png"' in page
    assert str(margin.uid) not in page
    answer = cleo.get(at(plan, "preview"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert cleo.get(at(plan, "huge")).status_code == 404
    assert cleo.post(at(plan)).status_code == 405
    assert cleo.get(at(margin)).status_code == 404
    answer = visit("ana").get(at(margin))
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    for name in ("nils", "vic", "stan"):
        assert visit(name).get(at(plan)).status_code == 404, name
