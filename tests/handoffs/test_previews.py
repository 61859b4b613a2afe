"""Previews: the first page of what can be drawn, as pixels and nothing else; for those who see the document."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django_q.models import OrmQ
from PIL import Image

from handoffs import actions
from handoffs.leftovers import pick_up
from handoffs.lifecycle import State
from handoffs.models import Document, Handoff
from handoffs.packet.models import Preview
from handoffs.packet.previews import path_of
from tenants.scope import everyone
from tests.drawable import picture
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import World

RED = (192, 32, 32)


def attached(world: World, content: bytes, name: str = "plan.pdf", **given: object) -> Document:
    handoff = given.pop("handoff", None) or world.handoff(State.ACCEPTED)
    assert isinstance(handoff, Handoff)
    file = ContentFile(content, name=name)
    actions.attach(handoff, by=world.ben, at=world.later(minutes=1), file=file, name=name, **given)
    return Document.objects.get(handoff=handoff, name=name, is_latest=True)


def drawn(document: Document) -> Document:
    work_off()
    document.refresh_from_db()
    return document


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "PDF"])
def test_the_first_page_is_drawn_large_and_small(world: World, kind: str) -> None:
    document = drawn(attached(world, picture(kind, (1600, 800)), f"plan.{kind.lower()}"))
    assert document.preview == Preview.DRAWN
    for size, (width, height) in (("preview", (1000, 500)), ("small", (112, 56))):
        shown = Image.open(path_of(document, size))
        assert abs(shown.width - width) <= 1
        assert abs(shown.height - height) <= 1
        pixel = shown.convert("RGB").getpixel((shown.width // 2, shown.height // 2))
        assert isinstance(pixel, tuple)
        assert all(abs(int(a) - b) < 12 for a, b in zip(pixel, RED, strict=True)), pixel


def bomb() -> bytes:
    """A GIF that says it is 30,000 pixels wide and high."""
    content = bytearray(picture("GIF"))
    content[6:10] = (30_000).to_bytes(2, "little") * 2
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [picture()[:200], picture("PDF")[:150], b"%PDF-1.7\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", bomb()],
    ids=["cut off", "a cut off PDF", "an empty PDF", "a bomb"],
)
def test_what_cannot_be_drawn_has_none_and_nothing_fails(world: World, content: bytes) -> None:
    document = drawn(attached(world, content))
    assert document.preview == Preview.NONE
    assert not path_of(document, "preview").exists()


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", b"<!doctype html>", b"words"]
)
def test_what_is_a_program_or_words_is_not_even_tried(world: World, content: bytes) -> None:
    document = attached(world, content, "plan.svg")
    assert document.preview == Preview.NONE
    assert "draw_preview" not in [job for job, _ in queued()]


def test_a_type_that_the_bytes_are_not_is_not_drawn(tmp_path: Path) -> None:
    """What a document is was read from its bytes; another reader is never tried on it."""
    source = tmp_path / "it"
    source.write_bytes(picture("JPEG"))
    command = [sys.executable, "-m", "handoffs.packet.drawing", str(source), "image/png", str(tmp_path / "out")]
    assert subprocess.run(command, cwd=settings.ROOT, capture_output=True, check=False).returncode != 0
    assert not (tmp_path / "out.png").exists()


def test_the_same_bytes_are_drawn_once_and_a_lost_task_is_found(world: World) -> None:
    first = attached(world, picture(size=(310, 200)))
    second = attached(world, picture(size=(310, 200)), "copy.png")
    with nowhere(), everyone():
        OrmQ.objects.all().delete()
        pick_up(None, world.later(minutes=5))
    work_off()
    for document in (first, second):
        document.refresh_from_db()
        assert document.preview == Preview.DRAWN
    assert path_of(first, "small") == path_of(second, "small")


def test_transparency_is_paper(world: World) -> None:
    kept = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(kept, "PNG")
    document = drawn(attached(world, kept.getvalue(), "clear.png"))
    assert Image.open(path_of(document, "small")).convert("RGB").getpixel((20, 20)) == (255, 255, 255)
