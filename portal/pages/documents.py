"""A document, for those who may see its handoff and it."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest

from handoffs.models import Document
from handoffs.packet.models import Preview
from handoffs.packet.previews import SIZES, path_of
from portal.downloads import download, drawn
from portal.pages.base import Page
from portal.pages.handoff import reached


class OneDocument(Page):
    """What is about one version of one document."""

    def document(self, reference: str, uid: UUID) -> Document:
        """It; 404 for whatever this member may not see."""
        handoff = reached(self.member, reference)
        mine = Document.objects.visible_to(self.member).filter(organization_id=self.member.organization_id)
        document: Document | None = mine.filter(handoff_id=handoff.id, uid=uid).first()
        if document is None:
            raise Http404
        return document


class DocumentPage(OneDocument):
    """The document itself."""

    def get(self, request: HttpRequest, reference: str, uid: UUID) -> FileResponse:
        """The bytes as an attachment."""
        return download(self.document(reference, uid))


class PreviewPage(OneDocument):
    """Its first page, drawn by us: pixels and nothing of the document itself."""

    def get(self, request: HttpRequest, reference: str, uid: UUID, size: str) -> FileResponse:
        """A PNG; 404 until it is drawn."""
        document = self.document(reference, uid)
        if size not in SIZES or document.preview != Preview.DRAWN:
            raise Http404
        return drawn(path_of(document, size))
