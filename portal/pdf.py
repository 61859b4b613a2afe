"""Pages as PDF, where the optional extra “receipts” is installed: nothing is fetched while one is made."""

from importlib.util import find_spec

from django.contrib.staticfiles import finders


def is_installed() -> bool:
    """Whether PDFs can be made here."""
    return find_spec("weasyprint") is not None


def pdf_of(html: str, style: str) -> bytes:
    """The page as PDF, dressed by one of our own style sheets: a path among the static files."""
    from weasyprint import CSS, HTML  # an optional extra, and slow to load
    from weasyprint.urls import URLFetcher

    sheet = finders.find(style)
    assert isinstance(sheet, str), style
    # What somebody wrote must not make this server ask any address or open any file.
    nothing = URLFetcher(allowed_protocols=[])
    made: bytes = HTML(string=html, url_fetcher=nothing).write_pdf(stylesheets=[CSS(filename=sheet)])
    return made
