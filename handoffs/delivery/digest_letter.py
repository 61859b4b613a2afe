"""What a digest says to its reader: by handoff, what happened, what is expected now, and who answers for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.core.signing import dumps

from handoffs.delivery.expectation import Expectation, expectation
from handoffs.delivery.letter import holder_of, in_zone, link, said
from handoffs.delivery.models import Digest, Message, Notice
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.ledger.sentences import sentence
from tenants.models import Member, Role

SALT = "handrail.digest"
# Who answers for a handoff and who is asked to take it.
SHOWN = ("custodian", "custodian_team", "open_offer__to_team", "open_offer__to_member")


@dataclass(frozen=True)
class Chapter:
    """One handoff in a digest."""

    handoff: Handoff
    happened: list[tuple[str, str, str]]  # what, in whose words, and when
    expected: Expectation
    by_when: str
    is_late: bool
    holder: str
    link: str


@dataclass(frozen=True)
class DigestLetter:
    """The words for one reader, with times in the reader's own zone."""

    subject: str
    count: int
    chapters: list[Chapter]
    stop_link: str
    choose_link: str
    reader: Member
    kind = "digest"


def digest_letter(digest: Digest, *, at: datetime) -> DigestLetter | None:
    """What the digest says as things stand at `at`, or None when its reader may see nothing of it any more."""
    reader = digest.member
    events = _events(digest, reader)
    handoffs = _handoffs(reader, events)
    seen = [event for event in events if event.handoff_id in handoffs]
    if not seen:
        return None
    whys = dict(
        Notice.objects.filter(
            organization_id=digest.organization_id, event__in=seen, member=reader, message=None
        ).values_list("event_id", "why")
    )
    by_handoff = groupby(sorted(seen, key=lambda event: (event.handoff_id, event.seq)), lambda event: event.handoff_id)
    chapters = [_chapter(handoffs[id], list(told), reader, whys, at) for id, told in by_handoff]
    chapters.sort(key=lambda chapter: (not chapter.expected.is_wanted, chapter.handoff.id))
    things = "One thing" if len(seen) == 1 else f"{len(seen)} things"
    where = chapters[0].handoff.reference if len(chapters) == 1 else f"{len(chapters)} handoffs"
    home = f"{settings.HANDRAIL_ADDRESS}/o/{reader.organization.slug}"
    return DigestLetter(
        subject=f"Digest: {things.lower()} about {where}",
        count=len(seen),
        chapters=chapters,
        stop_link=f"{settings.HANDRAIL_ADDRESS}/digests/stop/{stop_token(digest)}/",
        choose_link=f"{home}/settings/delivery/",
        reader=reader,
    )


def stop_token(digest: Digest) -> str:
    """What proves that its bearer was sent this digest."""
    return dumps([str(digest.organization_id), digest.id], salt=SALT, compress=False)


def _events(digest: Digest, reader: Member) -> list[Event]:
    told = Message.objects.filter(organization_id=digest.organization_id, digest=digest).select_related("event__by")
    events: Iterable[Event] = (message.event for message in told.order_by("id"))
    return [event for event in events if not (event.internal and reader.role == Role.CLIENT)]


def _handoffs(reader: Member, events: Iterable[Event]) -> dict[int, Handoff]:
    """Those that the reader may still see."""
    if not reader.is_able:
        return {}
    ids = {event.handoff_id for event in events}
    mine = Handoff.objects.reachable_by(reader).select_related(*SHOWN).prefetch_related("questions", "notes")
    return {handoff.id: handoff for handoff in mine.filter(id__in=ids)}


def _chapter(handoff: Handoff, events: list[Event], reader: Member, whys: Mapping[int, str], at: datetime) -> Chapter:
    zone = reader.zone or reader.organization.zone
    expected = expectation(events[-1], handoff, reader, whys.get(events[-1].id, ""))
    return Chapter(
        handoff=handoff,
        happened=[_happened(event, handoff, zone) for event in events],
        expected=expected,
        by_when=in_zone(expected.due_at, zone) if expected.due_at else "",
        is_late=expected.due_at is not None and expected.due_at < at,
        holder=holder_of(handoff),
        link=link(handoff, reader.organization),
    )


def _happened(event: Event, handoff: Handoff, zone: str) -> tuple[str, str, str]:
    what, noted = sentence(event), event.facts.get("note")
    note = next((note.body for note in handoff.notes.all() if note.id == noted), "")
    return what, said(event, what, note), in_zone(event.at, zone)
