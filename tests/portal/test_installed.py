"""Installed: a manifest whose icons are there, and a worker that keeps one page and nothing of anybody's."""

import re
from io import BytesIO

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image


def test_the_manifest_names_icons_of_their_size() -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    drawn = [each for each in told["icons"] if each["type"] == "image/png"]
    assert {each["sizes"] for each in drawn} >= {"192x192", "512x512"}
    assert "maskable" in {each.get("purpose") for each in drawn}
    for each in drawn:
        picture = Image.open(BytesIO(Client().get(each["src"]).content))
        assert "{}x{}".format(*picture.size) == each["sizes"]


@pytest.mark.parametrize("size", ["1", "193", "99999999", "0"])
def test_other_sizes_are_not_drawn(size: str) -> None:
    assert Client().get(f"/icons/{size}.png").status_code == 404


def test_the_worker_keeps_what_the_page_is_dressed_in_and_nothing_else() -> None:
    script = Client().get("/worker.js")
    assert script["Content-Type"] == "text/javascript"
    kept = re.findall(r'"(/[^"]+)"', re.findall(r"const FILES = \[(.*?)\];", script.content.decode())[0])
    assert kept[0] == "/offline/"
    assert len(kept) > 10
    for path in kept[1:]:
        assert finders.find(path.removeprefix("/static/")), path
    page = Client().get("/offline/").content.decode()
    assert "You are offline" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", ["/manifest.webmanifest", "/icons/192.png", "/worker.js", "/offline/"])
def test_nobody_has_to_sign_in_and_nobody_writes(path: str) -> None:
    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 405
