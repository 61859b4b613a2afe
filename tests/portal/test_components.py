"""The components as people meet them: complete on their living page, safe, and without an accessibility finding."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.contrib.staticfiles import finders
from django.http import Http404
from django.template import Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, sync_playwright

from portal.environment import ROOT
from portal.pages.styleguide import PAGES, styleguide
from tests.browser import FLAGS, chromium

TEMPLATES = ROOT / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
MODES = {"light": (1440, 1000, "light"), "dark": (1440, 1000, "dark"), "phone": (390, 844, "light")}
MARKUP = '<b onclick="x">&'


def ours() -> list[Path]:
    """Every template of a page; mail and the admin live under other rules."""
    return [path for path in TEMPLATES.rglob("*.html") if not {"emails", "admin"} & set(path.parts)]


@pytest.fixture(autouse=True)
def _samples_bring_their_own_frame(settings: Any) -> None:
    """What stands around a page comes from the database elsewhere; the samples need none."""
    engine = settings.TEMPLATES[0]
    processors = [name for name in engine["OPTIONS"]["context_processors"] if not name.startswith("portal.")]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": processors}}]


def sample_page(name: str, settings: Any) -> str:
    settings.DEBUG = True
    request = RequestFactory().get("/styleguide/", {"page": name})
    request.organization = SimpleNamespace(name="Fjord", hue=255)  # type: ignore[attr-defined]
    request.member = SimpleNamespace(name="Tom Ilves")  # type: ignore[attr-defined]
    return styleguide(request).content.decode()


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_short_and_says_what_it_is_for(component: Path) -> None:
    text = component.read_text()
    assert text.startswith(("{#", "{% comment %}"))
    assert text.count("\n") <= 120


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_is_seen_on_the_living_page(component: Path, settings: Any) -> None:
    drawn: set[str] = set()
    engine_render = Template.render

    def render(template: Template, context: Any) -> str:
        drawn.add(str(template.name))
        return str(engine_render(template, context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", render)
        for name in PAGES:
            sample_page(name, settings)
    assert f"components/{component.name}" in drawn


@pytest.mark.parametrize("template", ours(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_needs_what_the_policy_refuses(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


def test_the_living_page_is_for_development_only(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        styleguide(RequestFactory().get("/styleguide/"))


@pytest.mark.parametrize(
    ("component", "facts"),
    [
        ("avatar", {"who": "<script> x"}),
        ("badge", {"state": "draft", "word": MARKUP}),
        ("button", {"text": MARKUP, "why_not": MARKUP}),
        ("card", {"title": MARKUP, "aside": MARKUP}),
        ("checklist_row", {"text": MARKUP}),
        ("dialog", {"id": "x", "title": MARKUP}),
        ("empty", {"icon": "inbox", "title": MARKUP, "text": MARKUP}),
        ("facts", {"facts": [(MARKUP, MARKUP)]}),
        ("file", {"name": MARKUP, "size": 1, "url": "/x"}),
        ("handoff_head", {"reference": MARKUP, "title": MARKUP, "state": "draft"}),
        ("message", {"tone": "good", "text": MARKUP}),
        ("refusal", {"sentence": MARKUP, "missing": [MARKUP]}),
        ("relay", {"giver": MARKUP, "receiver": MARKUP, "giver_note": MARKUP}),
        ("row", {"url": "/x", "title": MARKUP, "who": MARKUP, "state": "draft", "time": MARKUP}),
        ("said", {"who": MARKUP, "text": MARKUP, "at": None, "zone": ""}),
        ("timeline_entry", {"sentence": MARKUP, "detail": MARKUP, "zone": ""}),
    ],
)
def test_words_of_people_stay_words(component: str, facts: dict[str, Any]) -> None:
    html = render_to_string(f"components/{component}.html", facts)
    assert "<b onclick" not in html
    assert "<script>" not in html


def test_help_of_a_field_is_text() -> None:
    form = type("Custom", (forms.Form,), {"field": forms.CharField(label=MARKUP, help_text=MARKUP)})({})
    html = render_to_string("components/fields.html", {"form": form})
    assert "<b onclick" not in html


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    form = type("Custom", (forms.Form,), {"amount": forms.IntegerField(help_text="In euro")})({"amount": "x"})
    html = render_to_string("components/field.html", {"field": form["amount"]})
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_an_error_page_needs_nothing_and_says_what_to_do(status: int) -> None:
    html = render_to_string(f"{status}.html")
    assert f'<p class="number">{status}</p>' in html
    assert 'href="/"' in html


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = chromium()
    if found is None:
        pytest.skip("needs Debian's chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Browser, settings: Any) -> Iterator[Callable[..., Page]]:
    """Opens a sample page without a server: the browser asks, templates and static files answer."""
    contexts, faults = [], []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            assert isinstance(found, str), path
            route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0])
        elif path.startswith("/styleguide/"):
            html = sample_page(path.split("/")[2], settings)
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            faults.append(route.request.url)
            route.abort()

    def opened(name: str, mode: str = "light", size: tuple[int, int] | None = None) -> Page:
        width, height, scheme = MODES[mode]
        width, height = size or (width, height)
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.route("**/*", answer)
        page.goto(f"http://portal.test/styleguide/{name}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["light", "dark", pytest.param("phone", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(show: Callable[..., Page], name: str, mode: str) -> None:
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    findings = Axe().run(show(name, mode), options={"runOnly": rules}).response["violations"]
    assert [(finding["id"], finding["nodes"][0]["target"]) for finding in findings] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_pushed_out_of_a_narrow_window(show: Callable[..., Page], name: str) -> None:
    page = show(name, size=(320, 640))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_the_summary_of_errors_takes_the_focus(show: Callable[..., Page]) -> None:
    page = show("components")
    assert page.evaluate("document.activeElement.matches('[data-focus]')")


@pytest.mark.browser
def test_a_dialog_opens_and_closes_by_keyboard(show: Callable[..., Page]) -> None:
    page = show("handoff")
    ask = page.get_by_role("button", name="Ask").first
    ask.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="Ask before you accept").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    assert ask.evaluate("button => button === document.activeElement")


@pytest.mark.browser
def test_on_a_phone_the_verbs_stay_within_reach(show: Callable[..., Page]) -> None:
    page = show("handoff", "phone")
    accept = page.get_by_role("button", name="Accept handoff")
    for share in (0, 0.5, 1):
        page.evaluate("share => scrollTo(0, share * document.documentElement.scrollHeight)", share)
        box = accept.bounding_box()
        assert box is not None
        assert 422 < box["y"] < 844 - box["height"]


@pytest.mark.browser
def test_a_phone_shows_the_list_or_the_handoff(show: Callable[..., Page]) -> None:
    inbox, handoff = show("inbox", "phone"), show("handoff", "phone")
    assert inbox.get_by_role("heading", name="Inbox").is_visible()
    assert not inbox.get_by_role("heading", name="Choose a handoff").is_visible()
    assert handoff.get_by_role("heading", name="Signed contract to onboarding").is_visible()
    assert not handoff.get_by_role("heading", name="Inbox").is_visible()
