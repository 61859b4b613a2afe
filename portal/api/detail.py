"""One handoff with everything that travels with it, as far as the reader may know of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from handoffs.definition.specification import specification
from handoffs.insight.place import Place, Source, place_of
from handoffs.lifecycle import Verb, allowed
from handoffs.models import ChecklistItem, Clock, ClockKind, Custody, Document, Handoff, Link, Note, Question, Side
from handoffs.parties import parties
from handoffs.reading_back import covered
from portal.api import shapes
from portal.api.read_back import read_back
from portal.api.rows import by_handoff, offers_of
from tenants.models import Member, Team


def detail(handoff: Handoff, reader: Member, at: datetime) -> shapes.Handoff:
    """The whole handoff, each kind of row read once; a client is never shown what is internal."""
    here = {"organization_id": handoff.organization_id, "handoff_id": handoff.pk}
    internal = reader.role != Member.Role.CLIENT
    asked = specification(handoff.template_version)
    checklist = ChecklistItem.objects.visible_to(reader).filter(**here).select_related("ticked_by")
    documents = Document.objects.visible_to(reader).filter(**here).select_related("attached_by")
    links = Link.objects.visible_to(reader).filter(**here).select_related("added_by").order_by("id")
    notes = Note.objects.visible_to(reader).filter(**here).select_related("written_by").order_by("id")
    asking = Question.objects.visible_to(reader).filter(**here)
    questions = list(asking.select_related("asked_by", "asked_member", "asked_team", "answered_by"))
    custody = Custody.objects.filter(**here).select_related("holder", "team").order_by("seq")
    clocks = Clock.objects.filter(**here).order_by("id")
    return {
        **by_handoff([handoff.pk], reader.organization)[0].row,
        "summary": handoff.summary,
        "context": _known(
            handoff.context,
            {f.key for f in asked.side(Side.SENDER, internal=internal)} - covered(handoff, reader),
        ),
        "result": _known(handoff.result, {f.key for f in asked.side(Side.RECEIVER, internal=internal)}),
        "hold_reason": handoff.hold_reason,
        "held_until": handoff.held_until,
        "planned": _planned(handoff),
        "checklist": [_item(item) for item in checklist],
        "documents": [_document(document, handoff) for document in documents],
        "links": [_link(link) for link in links],
        "notes": [_note(note) for note in notes],
        "questions": [_question(question) for question in questions],
        "offers": offers_of(handoff.pk, reader.organization),
        "custody": [_custody(interval) for interval in custody],
        "clocks": [clock_row(clock, at) for clock in clocks],
        "read_back": read_back(handoff, reader),
        "step": _step(place_of(handoff, reader)),
        "allowed": _allowed(handoff, reader, questions),
    }


def _planned(handoff: Handoff) -> shapes.Planned | None:
    """What waits for its receiver to open."""
    if handoff.planned_at is None or handoff.planned_team is None:
        return None
    return {
        "at": handoff.planned_at,
        "to_team": _named(handoff.planned_team),
        "to_member": _named(handoff.planned_member) if handoff.planned_member else None,
        "message": handoff.planned_message,
    }


def _step(place: Place | None) -> shapes.StepOfCase | None:
    """Which step of which case it is."""
    if place is None:
        return None
    return {
        "case": place.case.reference,
        "title": place.case.title,
        "step": place.step,
        "label": place.label,
        "number": place.number,
        "steps": place.steps,
        "origins": {field: _source(source) for field, source in place.sources.items()},
    }


def _source(source: Source) -> shapes.ValueSource:
    return {
        "step": source.step,
        "label": source.label,
        "side": "context" if source.side == "context" else "result",
        "field": source.field,
        "reference": source.reference,
        "who": source.who,
    }


def _allowed(handoff: Handoff, member: Member, questions: Sequence[Question]) -> list[Verb]:
    """The verbs that the rulebook lets this member do now."""
    held = parties(handoff, member, [question for question in questions if question.is_open])
    return allowed(handoff.status, handoff.open_offer is not None, held)


def _known(values: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key in keys}


def _named(row: Member | Team) -> shapes.Named:
    return {"id": row.pk, "name": row.name}


def _item(item: ChecklistItem) -> shapes.ChecklistItem:
    return {
        "key": item.key,
        "label": item.label,
        "side": Side(item.side),
        "required": item.required,
        "internal": item.internal,
        "ticked_at": item.ticked_at,
        "ticked_by": _named(item.ticked_by) if item.ticked_by else None,
    }


def _document(document: Document, handoff: Handoff) -> shapes.Document:
    return {
        "id": document.uid,
        "name": document.name,
        "version": document.version,
        "is_latest": document.is_latest,
        "slot": document.slot,
        "side": Side(document.side),
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "internal": document.internal,
        "attached_at": document.attached_at,
        "attached_by": _named(document.attached_by),
        "url": reverse("api:document", args=[handoff.reference, document.uid]),
    }


def _link(link: Link) -> shapes.Link:
    return {
        "id": link.pk,
        "url": link.url,
        "label": link.label,
        "internal": link.internal,
        "added_at": link.added_at,
        "added_by": _named(link.added_by),
    }


def _note(note: Note) -> shapes.Note:
    return {
        "id": note.pk,
        "body": note.body,
        "internal": note.internal,
        "written_at": note.written_at,
        "written_by": _named(note.written_by),
    }


def _question(question: Question) -> shapes.Question:
    return {
        "id": question.pk,
        "body": question.body,
        "asked_at": question.asked_at,
        "asked_by": _named(question.asked_by),
        "asked_member": _named(question.asked_member) if question.asked_member else None,
        "asked_team": _named(question.asked_team) if question.asked_team else None,
        "answer": question.answer,
        "answered_at": question.answered_at,
        "answered_by": _named(question.answered_by) if question.answered_by else None,
    }


def _custody(interval: Custody) -> shapes.Custody:
    return {
        "seq": interval.seq,
        "verb": Verb(interval.verb),
        "holder": _named(interval.holder),
        "team": _named(interval.team) if interval.team else None,
        "started_at": interval.started_at,
        "ended_at": interval.ended_at,
    }


def clock_row(clock: Clock, at: datetime) -> shapes.Clock:
    """A promise as it stands."""
    return {
        "id": clock.pk,
        "kind": ClockKind(clock.kind),
        "question": clock.question_id,
        "target_seconds": int(clock.target.total_seconds()),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "paused_at": clock.paused_at,
        "stopped_at": clock.stopped_at,
        "elapsed_seconds": clock.elapsed(at).total_seconds(),
        "is_late": clock.is_late(at),
    }
