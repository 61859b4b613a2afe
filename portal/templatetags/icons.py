"""Icons as inline SVG: {% icon "inbox" %}, or {% icon "x" label="Close" %} where nothing else names it."""

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NAMESPACE = "{http://www.w3.org/2000/svg}"


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("tablericons") / "tablericons.zip").read_bytes()))


@cache
def _shapes(name: str) -> SafeString:
    """The drawing inside the <svg>; KeyError for a name that Tabler's outline icons do not have."""
    svg = ElementTree.fromstring(_archive().read(f"outline/{name}.svg"))
    for node in svg.iter():
        node.tag = str(node.tag).removeprefix(NAMESPACE)
        node.tail = None
    drawing = "".join(ElementTree.tostring(shape, encoding="unicode", short_empty_elements=False) for shape in svg)
    return mark_safe(drawing)  # drawn by the icon package, never by a person who uses the portal


@register.simple_tag
@lru_cache(maxsize=1000, typed=True)  # a label marked as safe is not the same as one that is not
def icon(name: str, label: str = "") -> SafeString:
    """One outline icon; hidden from assistive technology unless it carries a label of its own."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    drawing = '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" {}>{}</svg>'
    return format_html(drawing, voice, _shapes(name))
