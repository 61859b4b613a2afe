"""Attach: a document joins the work, under its own digest and its type by content."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File

from handoffs.actions._words import required
from handoffs.actions.note import refuse_internal_from_clients
from handoffs.definition.specification import Slot, specification
from handoffs.handoff import Handoff
from handoffs.lifecycle import IN_HAND, Verb
from handoffs.models import Document, Side
from handoffs.packet.intake import Measured, measure
from handoffs.packet.previews import ask_for, state_for
from handoffs.passage import Step, passage
from handoffs.refusals import Invalid
from tenants.models import Member


def attach(
    handoff: Handoff, *, by: Member, at: datetime, file: File[Any], name: str, slot: str = "", internal: bool = False
) -> Handoff:
    """Stores `file`; the same name in the same slot is the document's next version, the same bytes change nothing."""
    refuse_internal_from_clients(by, internal)
    with passage(handoff, Verb.ATTACH, by=by, at=at) as step:
        step.is_repeat(False)
        place = _place(step, slot)
        measured = _measured(file)
        called = _file_name(name)
        here = {"organization_id": by.organization_id, "handoff_id": handoff.id, "slot": slot}
        former = Document.objects.filter(**here, name=called, is_latest=True).first()
        if step.is_repeat(former is not None and former.sha256 == measured.sha256):
            return step.handoff
        _refuse_unfit(place, measured, former, here)
        hidden = internal or (place.internal if place else False)
        if former is not None:
            Document.objects.filter(id=former.id).update(is_latest=False)
        document = Document(
            **here,
            side=place.side if place else _side(step),
            name=called,
            version=former.version + 1 if former else 1,
            media_type=measured.media_type,
            size=measured.size,
            sha256=measured.sha256,
            preview=state_for(measured.media_type),
            internal=hidden,
            attached_by=by,
            attached_at=step.at,
        )
        document.file.save(called, file, save=False)
        document.save(force_insert=True)
        ask_for(document)
        shown = called if document.version == 1 else f"{called} (version {document.version})"
        step.record(internal=hidden, document=document.id, name=shown, sha256=measured.sha256, slot=slot)
    return step.handoff


def _place(step: Step, slot: str) -> Slot | None:
    if not slot:
        return None
    place = specification(step.handoff.template_version).slot(slot)
    if place is None or (place.internal and step.by.role == Member.Role.CLIENT):
        raise Invalid("There is no such place for documents here.", code="unknown_slot", details={"field": "slot"})
    return place


def _measured(file: File[Any]) -> Measured:
    limit = settings.HANDRAIL_DOCUMENT_LIMIT_BYTES
    if not file.size:
        raise Invalid("This file is empty.", code="empty_document", details={"field": "file"})
    if file.size > limit:
        megabytes = limit // (1024 * 1024)
        raise Invalid(
            f"This file is larger than {megabytes} MB; make it smaller or add a link.",
            code="document_too_large",
            details={"field": "file", "limit_bytes": limit},
        )
    return measure(file)


def _file_name(name: str) -> str:
    """The last part of the name, without what a path or a header could misread."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(character for character in last if character.isprintable() and character not in '"<>:|?*')
    return required(Verb.ATTACH, "name", clean, limit=200)


def _refuse_unfit(place: Slot | None, measured: Measured, former: Document | None, here: dict[str, object]) -> None:
    if place is None:
        return
    if not place.takes(measured.media_type):
        raise Invalid(
            f"“{place.label}” takes {', '.join(place.accepts)}; this is {measured.media_type}.",
            code="wrong_document_type",
            details={"field": "file", "accepts": list(place.accepts)},
        )
    if former is None and Document.objects.filter(**here, is_latest=True).count() >= place.limit:
        raise Invalid(
            f"“{place.label}” takes at most {place.limit}; give one the same name to replace it.",
            code="too_many_documents",
            details={"field": "file"},
        )


def _side(step: Step) -> Side:
    """Until somebody accepts, what is attached comes from the sender's side."""
    return Side.RECEIVER if step.before in IN_HAND else Side.SENDER
