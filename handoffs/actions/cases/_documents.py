"""Documents that flow on: the same bytes, as rows of the next handoff that say where they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from handoffs.flows.plan import TakeDocuments
from handoffs.models import Document, Side

if TYPE_CHECKING:
    from handoffs.actions.cases._writing import Prepared


@dataclass(frozen=True)
class Flowing:
    """One document and the slot that it is laid into."""

    document: Document
    slot: str


def find(prepared: "Sequence[Prepared]") -> None:
    """Looks up what flows into each of them; one statement, and none where nothing does."""
    wanted = {id(each): list(_sources(each)) for each in prepared}
    ids = {handoff_id for sources in wanted.values() for handoff_id, _ in sources}
    if not ids:
        return
    rows = Document.objects.filter(handoff_id__in=ids, is_latest=True).order_by("id")
    found: dict[int, list[Document]] = {}
    for row in rows:
        found.setdefault(row.handoff_id, []).append(row)
    for each in prepared:
        each.documents = [
            Flowing(row, _slot(each, take, row))
            for handoff_id, take in wanted[id(each)]
            for row in found.get(handoff_id, ())
            if not take.from_slot or row.slot == take.from_slot
        ]


def write(prepared: "Sequence[Prepared]", at: datetime) -> None:
    """The rows; of two of one name in one slot the later is the next version of the first."""
    rows: list[Document] = []
    for each in prepared:
        latest: dict[tuple[str, str], Document] = {}
        for flowing in each.documents:
            row = _row(each, flowing, at)
            former = latest.get((row.slot, row.name))
            if former is not None:
                former.is_latest, row.version = False, former.version + 1
            latest[row.slot, row.name] = row
            rows.append(row)
    if rows:
        Document.objects.bulk_create(rows)


def _sources(each: "Prepared") -> Iterator[tuple[int, TakeDocuments]]:
    """The handoffs whose documents flow in: the latest turn of each named step that was done."""
    course, step = each.entering.course, each.entering.step
    for take in step.documents:
        done = [turn for turn in course.turns if turn.step == take.step and turn.handoff_id and turn.ended_at]
        if done:
            yield int(done[-1].handoff_id or 0), take


def _slot(each: "Prepared", take: TakeDocuments, document: Document) -> str:
    """Where it lies; beside the slots when the one that is named would not take it."""
    slot = each.asked.slot(take.slot) if take.slot else None
    return slot.key if slot is not None and slot.takes(document.media_type) else ""


def _row(each: "Prepared", flowing: Flowing, at: datetime) -> Document:
    came = flowing.document
    slot = each.asked.slot(flowing.slot) if flowing.slot else None
    assert each.handoff is not None
    return Document(
        organization_id=came.organization_id,
        handoff=each.handoff,
        slot=flowing.slot,
        side=Side.SENDER,
        name=came.name,
        media_type=came.media_type,
        size=came.size,
        sha256=came.sha256,
        preview=came.preview,
        file=came.file.name,
        origin_id=came.origin_id or came.pk,
        internal=came.internal or (slot.internal if slot else False),
        attached_by_id=came.attached_by_id,
        attached_at=at,
    )
