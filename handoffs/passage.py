"""The one gate every change walks through: lock, judge, change, record, enqueue."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from handoffs.bulk import insert_all, insert_whole, update_all
from handoffs.delivery import outbox
from handoffs.handoff import NOTHING_PLANNED, Handoff
from handoffs.judgement import judge
from handoffs.ledger.models import Event
from handoffs.lifecycle import FACTS, RULES, Rule, State, Verb, refused
from handoffs.packet.models import Question
from handoffs.search.writing import BRINGS_WORDS, write_words
from tenants.models import Member

# Columns of an event; when it was recorded says the database's own clock.
_WRITTEN: Sequence[str] = (
    *("organization", "handoff", "seq", "verb", "by", "at", "before", "after"),
    *("facts", "internal", "previous_digest", "digest"),
)


class OutsideScope(RuntimeError):
    """A change was tried with no transaction open: without one, lock and record would not belong together."""


class Step:
    """One verb under way on one locked handoff.

    The verb first calls `is_repeat`, which judges it; then changes what it must with `change` and the rooms'
    functions, and states its `record`. Leaving the passage writes the new state and the event.
    """

    def __init__(self, handoff: Handoff, verb: Verb, by: Member, at: datetime) -> None:
        self.handoff = handoff
        self.verb = verb
        self.by = by
        # A clock that runs behind another server's must not make time run backwards on one handoff.
        self.at = max(at, handoff.changed_at)
        self.before = handoff.status
        self.changed: set[str] = set()
        self._facts: dict[str, Any] = {}
        self._internal = False
        self._judged = False
        self._repeated = False

    @property
    def rule(self) -> Rule:
        return RULES[self.verb]

    def is_repeat(self, already: bool, questions: Iterable[Question] = ()) -> bool:
        """True when this member did just this already: success, nothing changes. Otherwise judges the verb.

        Raises `NotNow` (state or offer, with the present holder) or `Forbidden` (not theirs to do).
        """
        self._judged = True
        self._repeated = already
        refusal = None if already else judge(self.handoff, self.verb, self.by, questions)
        if refusal is not None:
            raise refusal
        return already

    def leave(self) -> None:
        """Nothing comes of it after all: the passage is left as it was entered, with nothing written."""
        self._repeated = True

    def is_possible(self) -> bool:
        """Whether the rulebook allows the verb to this member now."""
        return judge(self.handoff, self.verb, self.by) is None

    def was_last(self, verb: Verb) -> bool:
        """Whether the last change of state or custody was this member doing `verb`, and it cannot be done again.

        Looks at the ledger only when the verb does not fit the present state, so that the usual path pays nothing.
        """
        handoff = self.handoff
        if refused(verb, self.before, handoff.open_offer is not None, RULES[verb].by) is None:
            return False
        # Editing changes words: what was withdrawn stays withdrawn however often it is mended.
        last = Event.objects.of(handoff.id).exclude(verb__in=sorted(FACTS | {Verb.EDIT})).last()
        return last is not None and last.verb == verb and last.by_id == self.by.id

    def change(self, **fields: Any) -> None:
        """Sets columns of the handoff; they are written once, on leaving the passage."""
        for name, value in fields.items():
            setattr(self.handoff, name, value)
        self.changed.update(fields)

    def record(self, *, internal: bool = False, **facts: Any) -> None:
        """The facts of the event, with the names as they are now, so that the sentence stays true for ever."""
        self._facts = facts
        self._internal = internal

    def seal(self) -> Event | None:
        """The event of this step, chained, with the handoff's columns set; None when nothing is to be written."""
        if not self._judged:
            raise AssertionError(f"{self.verb} left the passage without being judged")
        if self._repeated:
            return None
        handoff = self.handoff
        after = self.rule.lands(self.before, State(handoff.held_from) if handoff.held_from else None)
        if self.before is State.ON_HOLD and after is not State.ON_HOLD:
            self.change(held_from="", held_until=None, hold_reason="")
        if handoff.planned_at is not None and after not in (State.DRAFT, State.RETURNED):
            self.change(**NOTHING_PLANNED)
        event = _event(handoff, self.verb, self.by, self.at, str(self.before), after, self._facts, self._internal)
        self.change(state=after, changed_at=self.at, ledger_seq=event.seq, ledger_head=event.digest)
        return event

    def close(self) -> None:
        """Writes the new state and the event, and puts the event on its way to people."""
        event = self.seal()
        if event is None:
            return
        update_all(Handoff, [self.handoff], sorted(self.changed))
        insert_whole([event])
        if self.verb in BRINGS_WORDS:
            write_words([self.handoff.pk])
        if not self.handoff.imported:
            outbox.enqueue(event)


@contextmanager
def passage(handoff: Handoff, verb: Verb, *, by: Member, at: datetime) -> Iterator[Step]:
    """Locks the handoff and yields the step; the caller's transaction ends it, wholly or not at all.

    A refusal raised inside undoes nothing by itself: refuse before the first change, or let the exception leave
    the transaction. Raises `Handoff.DoesNotExist` for another organization's handoff.
    """
    _require_transaction()
    step = Step(Handoff.objects.locked(handoff, by.organization_id), verb, by, at)
    yield step
    step.close()


@contextmanager
def passages(
    ids: Collection[int], verb: Verb, *, by: Mapping[UUID, Member], at: datetime, wait: bool = False
) -> Iterator[list[Step]]:
    """The same for many handoffs at once, of one organization or several: a few statements, however many they are.

    Yields a step for each, in the order of their ids; what somebody holds is waited for or left out. `by` says who acts
    in which organization. All are written on leaving, or none.
    """
    _require_transaction()
    mine = Handoff.objects.filter(organization_id__in=by.keys())
    steps = [Step(handoff, verb, by[handoff.organization_id], at) for handoff in mine.gathered(ids, wait=wait)]
    yield steps
    written = [(step, event) for step in steps if (event := step.seal()) is not None]
    if not written:
        return
    changed = frozenset[str]().union(*(step.changed for step, _ in written))
    update_all(Handoff, [step.handoff for step, _ in written], sorted(changed))
    events = [event for _, event in written]
    for event, id in zip(events, insert_all(Event, events, _WRITTEN), strict=True):
        event.id = id
    if verb in BRINGS_WORDS:
        write_words([event.handoff_id for event in events])
    outbox.enqueue_all([event for step, event in written if not step.handoff.imported])


def enter(handoff: Handoff, *, by: Member, at: datetime, **facts: Any) -> Event:
    """Writes the first event of a handoff that was just inserted; `draft` alone calls it."""
    _require_transaction()
    event = _event(handoff, Verb.DRAFT, by, at, "", State.DRAFT, facts, False)
    handoff.ledger_seq, handoff.ledger_head = event.seq, event.digest
    handoff.save(update_fields=["ledger_seq", "ledger_head"])
    event.save(force_insert=True)
    write_words([handoff.pk])
    return event


def enter_offered(
    entering: Sequence[tuple[Handoff, Mapping[str, Any], Mapping[str, Any]]], *, by: Member, at: datetime
) -> None:
    """Inserts handoffs that are offered from the first instant, with their draft and their offer as events.

    Each comes with the facts of both. Their keys are taken beforehand, so that rows may refer to each other; custody
    and offer are the caller's to insert before the commit. A few statements, however many handoffs.
    """
    _require_transaction()
    events: list[Event] = []
    for handoff, drafted, offered in entering:
        for verb, before, after, facts in (
            (Verb.DRAFT, "", State.DRAFT, drafted),
            (Verb.OFFER, str(State.DRAFT), State.OFFERED, offered),
        ):
            event = _event(handoff, verb, by, at, before, after, dict(facts), False)
            handoff.ledger_seq, handoff.ledger_head, handoff.state = event.seq, event.digest, after
            events.append(event)
    insert_whole([handoff for handoff, _, _ in entering])
    insert_whole(events)
    outbox.enqueue_all(events)


def _event(
    handoff: Handoff,
    verb: Verb,
    by: Member,
    at: datetime,
    before: str,
    after: State,
    facts: dict[str, Any],
    internal: bool,
) -> Event:
    event = Event(
        organization_id=handoff.organization_id,
        handoff=handoff,
        seq=handoff.ledger_seq + 1,
        verb=verb,
        by=by,
        at=at,
        before=before,
        after=after,
        facts=facts,
        internal=internal,
    )
    event.seal(handoff.ledger_head)
    return event


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideScope("Enter scope(organization) first: a change is one transaction.")
