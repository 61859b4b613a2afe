"""Pages as PDF, where the optional extra “receipts” is installed: nothing is fetched while one is made."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.contrib.staticfiles import finders
from PIL import ImageFile

logger = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether PDFs can be made here."""
    return find_spec("weasyprint") is not None and _library() is not None


def pdf_of(html: str, style: str) -> bytes:
    """The page as PDF, dressed by one of our own style sheets: a path among the static files."""
    library = _library()
    sheet = finders.find(style)
    assert library is not None
    assert isinstance(sheet, str), style
    # What somebody wrote must not make this server ask any address or open any file.
    nothing = import_module("weasyprint.urls").URLFetcher(allowed_protocols=[])
    page = library.HTML(string=html, url_fetcher=nothing)
    made: bytes = page.write_pdf(stylesheets=[library.CSS(filename=sheet)])
    return made


@cache
def _library() -> ModuleType | None:
    """WeasyPrint, which is slow to load and an optional extra; None where the libraries it draws with are missing."""
    with _strict_pictures():
        try:
            return import_module("weasyprint")
        except OSError:
            logger.warning("Receipts are not made as PDF: WeasyPrint is installed, but Pango is not.", exc_info=True)
            return None


@contextmanager
def _strict_pictures() -> Iterator[None]:
    """Loading WeasyPrint has Pillow take pictures that are cut off, in all of the process; ours go on refusing them."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
