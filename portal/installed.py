"""Installed on a phone or a desk: the manifest (W3C), icons drawn by ourselves, a page for when there is no network.

The service worker keeps that one page and what it is dressed in, nothing that belongs to anybody.
"""

import re
from functools import cache
from hashlib import sha256
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

BLUE, WHITE = "#1c5bd6", "#ffffff"
DAY = 86_400
SIZES = (180, 192, 512)
FINER = 4  # drawn so much larger, then made smaller: Pillow's lines have hard edges
_DRESS = re.compile(r'(?:href|src)="(/[^"]+\.(?:css|js|svg|woff2)[^"]*)"')


@require_safe
@cache_control(public=True, max_age=DAY)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a browser asks before it installs the site."""
    icons = [{"src": static("handrail/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [{"src": f"/icons/{size}.png", "sizes": f"{size}x{size}", "type": "image/png"} for size in SIZES]
    return JsonResponse(
        {
            "name": "Handrail",
            "short_name": "Handrail",
            "description": "Work never falls between two people.",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": WHITE,
            "theme_color": BLUE,
            # The mark keeps to the middle, so that a phone may cut the corners as it likes.
            "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(public=True, max_age=DAY)
def icon(request: HttpRequest, size: int) -> HttpResponse:
    """The mark as PNG, in the sizes that the manifest names."""
    if size not in SIZES:
        raise Http404
    return HttpResponse(drawn(size), content_type="image/png")


@cache
def drawn(size: int) -> bytes:
    """The two arrows of `icon.svg`, whose box is 32 wide, on a full square."""
    scale = size * FINER / 32
    image = Image.new("RGB", (size * FINER, size * FINER), BLUE)
    brush = ImageDraw.Draw(image)
    for line in (((8, 12), (24, 12)), ((20, 8), (24, 12)), ((24, 20), (8, 20)), ((12, 24), (8, 20))):
        ends = [(x * scale, y * scale) for x, y in line]
        brush.line(ends, fill=WHITE, width=round(2.5 * scale))
        for x, y in ends:
            brush.circle((x, y), 1.25 * scale, fill=WHITE)
    kept = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page for when there is no network; it needs nobody signed in."""
    return HttpResponse(_offline())


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the addresses that it keeps."""
    page = _offline()
    files = ["/offline/", *_DRESS.findall(page)]
    facts = {"files": files, "version": sha256("\n".join([page, *files]).encode()).hexdigest()[:12]}
    return render(request, "installed/worker.js", facts, content_type="text/javascript")


def _offline() -> str:
    return render_to_string("installed/offline.html")
