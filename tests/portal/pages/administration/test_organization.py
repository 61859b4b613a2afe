"""The organization itself: name, hue, zone; and a logo that is nothing but its pixels."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tenants.models import Logo, Organization
from tests.portal.pages.conftest import Visit
from tests.world import World

PAGE = "settings/organization/"


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 400), colour: str = "#1c5bd6", **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def sent(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def kept(world: World) -> Organization:
    return Organization.objects.get(pk=world.organization.pk)


def test_name_hue_and_zone_change_and_show_at_once(world: World, visit: Visit) -> None:
    olga = visit("olga")
    for _ in range(2):
        assert olga.post(PAGE, name="Fjord & Daughters", hue="150", zone="Europe/Oslo").status_code == 303
    found = kept(world)
    assert (found.name, found.hue, found.zone, found.slug) == ("Fjord & Daughters", 150, "Europe/Oslo", "fjord")
    assert 'data-hue="150"' in olga.read().split("<body")[0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "required"),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "a\x00"}, "Null characters"),
        ({"hue": "999"}, "Select a valid choice"),
        ({"hue": "blue"}, "Select a valid choice"),
        ({"zone": "Moon/Sea"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_comes_back(world: World, visit: Visit, given: dict[str, str], sentence: str) -> None:
    answer = visit("olga").post(PAGE, **{"name": "Fjord", "hue": "260", "zone": "UTC"} | given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert kept(world).name == "Fjord"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_made_small_and_shown_in_the_portal_and_at_its_door(world: World, visit: Visit, kind: str) -> None:
    olga = visit("olga")
    for _ in range(2):
        assert olga.post(f"{PAGE}logo/", picture=sent(picture(kind))).status_code == 303
    address = f"/logos/{kept(world).logo}.png"
    assert address in olga.read()
    stranger = Client()
    door = stranger.get("/accounts/login/", {"next": "/o/fjord/"}).content.decode()
    assert address in door
    answer = stranger.get(address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = Image.open(BytesIO(answer.content))
    assert (shown.format, shown.size) == ("PNG", (154, 96))
    assert stranger.post(address).status_code == 405
    visit("olga").post(f"{PAGE}logo/", picture=sent(picture(colour="#aa0000")))
    assert stranger.get(address).status_code == 404
    assert Logo.objects.count() == 1


def test_nothing_but_pixels_is_kept(world: World, visit: Visit) -> None:
    words = PngInfo()
    words.add_text("Comment", "<script>secret()</script>")
    polyglot = picture(pnginfo=words) + b"<html><script>alert(1)</script>"
    visit("olga").post(f"{PAGE}logo/", picture=sent(polyglot, "logo.html"))
    drawn = bytes(Logo.objects.get().picture)
    assert drawn.startswith(b"\x89PNG")
    assert b"script" not in drawn
    assert b"tEXt" not in drawn


def bomb() -> bytes:
    """A picture that says it is 60,000 pixels wide and high, in a few bytes."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"\0" * 50


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a PNG, JPEG or WebP"),
        (picture("GIF"), "not a PNG, JPEG or WebP"),
        (picture("TIFF"), "not a PNG, JPEG or WebP"),
        (picture()[:200], "not a PNG, JPEG or WebP"),
        (bomb(), "pixels wide|not a PNG"),
        (picture(size=(5000, 10)), "pixels wide"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000_001, "at most 1 MB"),
    ],
    ids=["empty", "svg", "gif", "tiff", "cut off", "bomb", "too wide", "too large"],
)
def test_what_is_no_small_picture_is_refused(world: World, visit: Visit, content: bytes, sentence: str) -> None:
    answer = visit("olga").post(f"{PAGE}logo/", picture=sent(content))
    assert answer.status_code == 422
    assert any(each in answer.content.decode() for each in sentence.split("|"))
    assert not Logo.objects.exists()


def test_it_is_taken_away_and_twice_is_once(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.post(f"{PAGE}logo/", picture=sent(picture()))
    for _ in range(2):
        assert olga.post(f"{PAGE}logo/remove/").status_code == 303
    assert kept(world).logo == ""
    assert "/logos/" not in olga.read()


def test_an_unknown_logo_is_nothing(world: World) -> None:
    for digest in ("0" * 64, "x", "0" * 63):
        assert Client().get(f"/logos/{digest}.png").status_code == 404
