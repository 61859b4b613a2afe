"""Previews: each document that can be drawn is, once for its bytes, in a process apart and behind everybody's back."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from handoffs.packet.drawing import DRAWABLE, SECONDS
from handoffs.packet.models import Document, Preview
from handoffs.queue import DRAW, enqueue

GRACE = timedelta(minutes=1)  # what is younger is still on its way
SIZES = ("preview", "small")

logger = logging.getLogger(__name__)


def state_for(media_type: str) -> Preview:
    """What a new document of this type begins with."""
    return Preview.WANTED if media_type in DRAWABLE else Preview.NONE


def ask_for(document: Document) -> None:
    """Queues its drawing, in the caller's transaction; beside messages, so that no alarm waits for it."""
    if document.preview == Preview.WANTED:
        enqueue(DRAW, document.organization_id, document.pk)


def undrawn(at: datetime) -> QuerySet[Document]:
    """Documents whose drawing was asked for and lost."""
    return Document.objects.filter(preview=Preview.WANTED, attached_at__lt=at - GRACE).order_by("id")


def draw(organization_id: UUID, document_id: int) -> None:
    """Draws it unless it is drawn, inside its scope; what has the same bytes shares the pictures."""
    document = Document.objects.filter(organization_id=organization_id, id=document_id, preview=Preview.WANTED).first()
    if document is None:
        return
    done = path_of(document, "preview").exists() or _drawn(document)
    same = Document.objects.filter(organization_id=organization_id, sha256=document.sha256, preview=Preview.WANTED)
    same.update(preview=Preview.DRAWN if done else Preview.NONE)


def path_of(document: Document, size: str) -> Path:
    """Where its picture lies once it is drawn; `size` is one of SIZES."""
    root = Path(settings.HANDRAIL_DOCUMENTS_ROOT) / str(document.organization_id) / "previews"
    return root / f"{document.sha256}{'-small' if size == 'small' else ''}.png"


def _drawn(document: Document) -> bool:
    source, target = Path(document.file.path), path_of(document, "preview").with_suffix("")
    if not source.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "handoffs.packet.drawing", str(source), document.media_type, str(target)]
    try:
        ended = subprocess.run(
            command, cwd=settings.ROOT, env={"PATH": ""}, capture_output=True, timeout=3 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        logger.warning("Document %s took too long to be drawn.", document.uid)
        return False
    if ended.returncode:
        last = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        logger.info("Document %s has no preview: %s", document.uid, last)
    return ended.returncode == 0
