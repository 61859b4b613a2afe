"""Where documents lie: outside any address that a browser could guess, under a random name."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage

if TYPE_CHECKING:
    from handoffs.packet.models import Document


def document_storage() -> Storage:
    """The place of all documents; it has no address of its own."""
    return FileSystemStorage(location=settings.HANDRAIL_DOCUMENTS_ROOT, base_url=None)


def document_path(document: "Document", name: str) -> str:
    """organization/handoff/random: the person's own file name never reaches the disk."""
    return f"{document.organization_id}/{document.handoff_id}/{uuid.uuid4().hex}"
