"""A document, for those who may see its handoff and it."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest

from handoffs.models import Document
from portal.downloads import download
from portal.pages.base import Page
from portal.pages.handoff import reached


class DocumentPage(Page):
    """One version of one document."""

    def get(self, request: HttpRequest, reference: str, uid: UUID) -> FileResponse:
        """The bytes as an attachment; 404 for whatever this member may not see."""
        handoff = reached(self.member, reference)
        mine = Document.objects.visible_to(self.member).filter(organization_id=self.member.organization_id)
        document = mine.filter(handoff_id=handoff.id, uid=uid).first()
        if document is None:
            raise Http404
        return download(document)
