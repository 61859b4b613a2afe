"""What a message says to one reader: what happened, what is expected of them and by when, who answers for it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from handoffs.delivery.expectation import Expectation, expectation
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import OPENS, Verb
from tenants.models import Member, Organization

SUBJECTS: Mapping[Verb, str] = {
    Verb.OFFER: "Please accept",
    Verb.PASS_ON: "Please accept",
    Verb.UNPLAN: "Not offered",
    Verb.HAND_BACK: "Please take back",
    Verb.REOPEN: "Reopened, please accept",
    Verb.REDIRECT: "Redirected to {receiver}",
    Verb.WITHDRAW: "Offer withdrawn",
    Verb.ACCEPT: "Accepted by {by}",
    Verb.RETURN: "Returned by {by}",
    Verb.ASK: "Question from {by}",
    Verb.ANSWER: "Answer from {by}",
    Verb.HOLD: "On hold",
    Verb.RESUME: "Work goes on",
    Verb.COMPLETE: "Completed by {by}",
    Verb.CANCEL: "Cancelled by {by}",
    Verb.TAKE_OVER: "Taken over by {holder}",
    Verb.NOTE: "Note from {by}",
    Verb.NUDGE: "Reminder from {by}",
    Verb.SHARE: "Shared with you by {by}",
    Verb.ESCALATE: "Time is running out",
}
REASONS: Mapping[str, str] = {
    "receivers": "it is meant for you or your team",
    "former_receivers": "it was offered to you or your team",
    "giver": "you handed it over",
    "sender": "you sent it",
    "custodian": "you answer for it",
    "former_holder": "you answered for it",
    "displaced": "you answered for it",
    "holder": "you answer for it now",
    "asker": "you asked",
    "mentioned": "you are mentioned",
    "shared_with": "it was shared with you or your team",
    "receiving_lead": "you lead the receiving team",
    "sending_lead": "you lead the sending team",
    "workspace_managers": "you look after this workspace",
    "named": "the ladder names you",
}


@dataclass(frozen=True)
class Letter:
    """The words for one reader, with times in the reader's own zone."""

    subject: str
    what: str
    words: str
    expected: Expectation
    by_when: str
    is_late: bool
    holder: str
    why: str
    link: str
    handoff: Handoff
    reader: Member


def letter(event: Event, handoff: Handoff, reader: Member, role: str, *, at: datetime) -> Letter:
    """The letter about `event` as things stand at `at`; what has been settled meanwhile asks for nothing."""
    expected = expectation(event, handoff, reader, role)
    zone = reader.zone or reader.organization.zone
    what = sentence(event)
    return Letter(
        subject=_subject(event, handoff, role),
        what=what,
        words=_words(event, handoff, what),
        expected=expected,
        by_when=in_zone(expected.due_at, zone) if expected.due_at else "",
        is_late=expected.due_at is not None and expected.due_at < at,
        holder=holder_of(handoff),
        why=REASONS.get(role, "you are part of it"),
        link=link(handoff, reader.organization),
        handoff=handoff,
        reader=reader,
    )


def in_zone(instant: datetime, zone: str) -> str:
    """The instant in full, for a text that is read later: "Monday 16 November 2026, 14:00 (Tallinn)"."""
    local = instant.astimezone(ZoneInfo(zone))
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} ({place})"


def link(handoff: Handoff, organization: Organization) -> str:
    """The address of the handoff's page, for use outside the portal."""
    return f"{settings.HANDRAIL_ADDRESS}/o/{organization.slug}/handoffs/{handoff.reference}/"


def _subject(event: Event, handoff: Handoff, role: str) -> str:
    """One line: what it is about, which handoff, and its title as far as a subject is read."""
    verb = Verb(event.verb)
    about = SUBJECTS[verb]
    if verb is Verb.REDIRECT and role != "custodian":
        about = SUBJECTS[Verb.OFFER] if role == "receivers" else "No longer waiting for you"
    if verb is Verb.ESCALATE and event.facts.get("late"):
        about = "Late"
    if role == "mentioned":
        about = "{by} mentions you"
    names = {name: event.facts.get(name, "") for name in ("receiver", "holder")}
    title = handoff.title if len(handoff.title) <= 100 else f"{handoff.title[:99]}…"
    return " ".join(f"{about.format(by=event.by.name, **names)}: {handoff.reference} {title}".split())


def _words(event: Event, handoff: Handoff, what: str) -> str:
    noted = event.facts.get("note") if event.verb == Verb.NOTE else None
    body = handoff.notes.filter(id=noted).values_list("body", flat=True).first() if noted is not None else None
    return said(event, what, body or "")


def said(event: Event, what: str, note: str) -> str:
    """What the other side said beyond the sentence `what`: the message of an offer, the text of a note."""
    verb = Verb(event.verb)
    if verb is Verb.NOTE:
        return note
    message = str(event.facts.get("message") or "") if verb in OPENS else ""
    return "" if message in what else message


def holder_of(handoff: Handoff) -> str:
    """Who answers for it now, in words."""
    if handoff.custodian is None:
        return f"Nobody any more: it is {handoff.status.label.lower()}"
    team = handoff.custodian_team
    return f"{handoff.custodian.name} ({team.name})" if team else handoff.custodian.name
