"""A document, always to be saved and never shown by us: what somebody uploaded must not run under our address."""

import logging
from collections.abc import Mapping
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest

from handoffs.models import Document
from portal.pages.base import Page
from portal.pages.handoff import reached

log = logging.getLogger(__name__)

# The types that are named as what they are; everything else is bytes.
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


class DocumentPage(Page):
    """One version of one document, for those who may see its handoff and it."""

    def get(self, request: HttpRequest, reference: str, uid: UUID) -> FileResponse:
        """The bytes as an attachment; 404 for whatever this member may not see."""
        handoff = reached(self.member, reference)
        mine = Document.objects.visible_to(self.member).filter(organization_id=self.member.organization_id)
        document = mine.filter(handoff_id=handoff.id, uid=uid).first()
        if document is None:
            raise Http404
        if not document.file.storage.exists(document.file.name):
            log.error("document %s of %s is gone from the disk", document.uid, handoff.reference)
            raise Http404
        response = FileResponse(
            document.file.open("rb"),
            as_attachment=True,
            filename=document.name,
            content_type=NAMED.get(document.media_type, BYTES),
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response
