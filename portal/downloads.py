"""Documents on their way out: always to be saved and never shown by us, for uploads must not run here.

What is shown are pictures that we drew of them.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from django.http import FileResponse, Http404

from handoffs.models import Document

log = logging.getLogger(__name__)

# The types that are named as what they are; everything else is bytes. SVG, HTML and XML are programs.
NAMED: Mapping[str, str] = {
    "application/pdf": "application/pdf",
    "application/zip": "application/zip",
    "image/gif": "image/gif",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "text/csv": "text/csv; charset=utf-8",
    "text/plain": "text/plain; charset=utf-8",
}
BYTES = "application/octet-stream"


def download(document: Document) -> FileResponse:
    """The file under the name people gave it; whether the reader may have it is asked before. 404 when it is gone."""
    name = str(document.file.name)
    if not document.file.storage.exists(name):
        log.error("document %s of handoff %s is gone from the disk", document.uid, document.handoff_id)
        raise Http404
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=NAMED.get(document.media_type, BYTES),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def drawn(path: Path) -> FileResponse:
    """A picture of a document, to be shown; it never changes. 404 when it is gone."""
    try:
        picture = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(picture, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response
