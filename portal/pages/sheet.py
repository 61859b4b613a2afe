"""Everything one reader may see of one handoff, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse

from handoffs.completeness import shortfalls
from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, Slot, Specification, specification
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import IN_HAND, Party, State, Verb
from handoffs.models import (
    ChecklistItem,
    Clock,
    Custody,
    Document,
    Event,
    Handoff,
    Link,
    Note,
    Priority,
    Question,
    Side,
)
from handoffs.parties import parties
from handoffs.refusals import Shortfall
from portal.forms.verbs import AnswerForm
from portal.pages.buttons import ICONS, Buttons, buttons
from portal.pages.clocks import Promise, promise
from portal.templatetags.times import in_words
from tenants.models import Member, Role

HISTORY = 30
EVENT_ICONS: Mapping[str, str] = {
    **{verb.value: icon for verb, icon in ICONS.items()},
    Verb.DRAFT: "pencil-plus",
    Verb.OFFER: "mail-forward",
    Verb.VIEW: "eye",
    Verb.ANSWER: "message-reply",
    Verb.TICK: "checkbox",
    Verb.ESCALATE: "alarm",
    Verb.NOTE: "message-2",
}


@dataclass(frozen=True)
class Place:
    """A place for documents with what lies in it."""

    key: str
    label: str
    required: bool
    internal: bool
    documents: Sequence[Document]


@dataclass(frozen=True)
class Leg:
    """One interval of the path so far."""

    holder: str
    team: str
    started_at: datetime
    ended_at: datetime | None
    lasted: timedelta


@dataclass(frozen=True)
class Relay:
    """From whom to whom, and who has it now."""

    giver: str
    giver_note: str
    receiver: str
    receiver_note: str
    holder: str


@dataclass(frozen=True)
class Lack:
    """One thing still missing, and the way to it."""

    sentence: str
    url: str


class Sheet:
    """One handoff as one member sees it at one instant."""

    def __init__(self, handoff: Handoff, member: Member, now: datetime, *, whole_history: bool = False) -> None:
        self.handoff = handoff
        self.member = member
        self.now = now
        self.whole_history = whole_history
        self.offer = handoff.open_offer

    # Who and where

    @cached_property
    def held(self) -> frozenset[Party]:
        """What the reader is to this handoff."""
        return parties(self.handoff, self.member, [question for question in self.questions if question.is_open])

    @cached_property
    def buttons(self) -> Buttons:
        """The verbs the reader may do now."""
        return buttons(self.handoff, self.member, self.held)

    @property
    def is_client(self) -> bool:
        return self.member.role == Role.CLIENT

    @property
    def can_take_part(self) -> bool:
        """Whether the reader may add to it at all: tick, attach, note."""
        return self.handoff.is_live and Party.PARTICIPANT in self.held

    @property
    def should_record_view(self) -> bool:
        """Whether this look is the first by a possible receiver of the open offer."""
        return Party.RECEIVER in self.held and self.offer is not None and self.offer.viewed_at is None

    @property
    def state(self) -> str:
        """The state, or what the reader needs to know first."""
        return "waiting_for_you" if Party.RECEIVER in self.held else self.handoff.state

    @cached_property
    def path(self) -> list[Leg]:
        """Who answered for it, from the first to the present holder."""
        return [
            Leg(
                row.holder.name,
                row.team.name if row.team else "",
                row.started_at,
                row.ended_at,
                (row.ended_at or self.now) - row.started_at,
            )
            for row in self._custodies
        ]

    @property
    def holder_since(self) -> datetime | None:
        """Since when the present holder answers for it."""
        return self._custodies[-1].started_at if self.handoff.is_live else None

    @property
    def relay(self) -> Relay:
        """The transfer under way, else the last one, else the one to come."""
        handoff, offer = self.handoff, self.offer
        if offer is not None:
            team = offer.from_team.name if offer.from_team else ""
            return Relay(offer.giver.name, team, offer.receiver_name, self._receiver_note(), "giver")
        legs = self.path
        if len(legs) > 1:
            holder = "receiver" if handoff.is_live else ""
            return Relay(legs[-2].holder, legs[-2].team, legs[-1].holder, legs[-1].team, holder)
        version = handoff.template_version
        target = version.target_team.name if version and version.target_team else "Nobody yet"
        return Relay(handoff.sender.name, legs[0].team, target, "Not offered", "giver" if handoff.is_live else "")

    def _receiver_note(self) -> str:
        offer = self.offer
        assert offer is not None
        if Party.RECEIVER in self.held:
            return "You can accept"
        if offer.viewed_at:
            seen = f"Seen by {offer.viewed_by.name}" if offer.viewed_by else "Seen"
            return f"{seen} {in_words(offer.viewed_at, None, self.now)}"
        return f"Delivered {in_words(offer.delivered_at, None, self.now)}" if offer.delivered_at else "Not accepted yet"

    # What was promised

    @cached_property
    def promises(self) -> list[Promise]:
        """The clocks that run, the nearer first."""
        clocks = Clock.objects.filter(
            organization_id=self.handoff.organization_id, handoff_id=self.handoff.id, stopped_at=None
        ).select_related("calendar", "ladder")
        until = self.handoff.held_until
        return [promise(clock, self.now, until) for clock in sorted(clocks, key=lambda clock: clock.kind)]

    # What travels

    @cached_property
    def asked(self) -> Specification:
        """What the template asks for."""
        return specification(self.handoff.template_version)

    @cached_property
    def context(self) -> list[tuple[str, str, bool]]:
        """What was handed over, as (name, value, internal)."""
        return self._facts(Side.SENDER, self.handoff.context)

    @cached_property
    def result(self) -> list[tuple[str, str, bool]]:
        """What came of it."""
        return self._facts(Side.RECEIVER, self.handoff.result)

    def _facts(self, side: Side, values: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
        fields = self.asked.side(side, internal=not self.is_client)
        return [
            (field.label, self._shown(field, values[field.key]), field.internal)
            for field in fields
            if is_given(values.get(field.key))
        ]

    def _shown(self, field: Field, value: Any) -> str:
        if field.type.name == "member":
            return self._names.get(value, "Somebody who left")
        if field.type.name == "date_time":
            return in_words(datetime.fromisoformat(value), None, self.now)
        return field.type.show(value)

    @cached_property
    def _names(self) -> Mapping[int, str]:
        """The names behind member fields, all at once."""
        values = {Side.SENDER: self.handoff.context, Side.RECEIVER: self.handoff.result}
        ids = {values[f.side].get(f.key) for f in self.asked.fields if f.type.name == "member"} - {None}
        members = Member.objects.filter(organization_id=self.handoff.organization_id, id__in=ids)
        return dict(members.values_list("id", "name"))

    @cached_property
    def checklist(self) -> list[ChecklistItem]:
        """The items of both sides, the sender's first."""
        items = self._mine(ChecklistItem).select_related("ticked_by")
        return sorted(items, key=lambda item: (item.side != Side.SENDER, item.position))

    @property
    def latest(self) -> int:
        """How many documents there are, each version but the newest left out."""
        return sum(document.is_latest for document in self.documents)

    @property
    def ticked(self) -> int:
        """How many items are done."""
        return sum(item.ticked_at is not None for item in self.checklist)

    @cached_property
    def documents(self) -> list[Document]:
        """Every version of every document."""
        return list(self._mine(Document).order_by("name", "-version"))

    @cached_property
    def places(self) -> list[Place]:
        """The template's places with their documents, then whatever else is attached."""
        slots = [slot for slot in self.asked.slots if not (self.is_client and slot.internal)]
        known = {slot.key for slot in slots}
        places = [self._place(slot) for slot in slots]
        others = [document for document in self.documents if document.slot not in known]
        return [*places, Place("", "Other documents" if places else "", False, False, others)] if others else places

    def _place(self, slot: Slot) -> Place:
        lying = [document for document in self.documents if document.slot == slot.key]
        return Place(slot.key, slot.label, slot.required, slot.internal, lying)

    @cached_property
    def links(self) -> list[Link]:
        return list(self._mine(Link).order_by("id"))

    @cached_property
    def notes(self) -> list[Note]:
        return list(self._mine(Note).select_related("written_by").order_by("id"))

    @cached_property
    def questions(self) -> list[Question]:
        """Every question that the reader may see."""
        rows = self._mine(Question).select_related("asked_by", "asked_member", "asked_team", "answered_by")
        return list(rows.order_by("id"))

    @property
    def asked_and_answered(self) -> list[dict[str, Any]]:
        """Each question as components/question.html shows it, with the form for those who may answer."""
        mine = self._answerable
        return [self._question(question, question.id in mine) for question in self.questions]

    def _question(self, question: Question, is_mine: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": question.id, "who": question.asked_by.name, "at": question.asked_at}
        shown |= {"text": question.body, "internal": question.internal}
        if question.answered_by is not None:
            shown["answer"] = {"who": question.answered_by.name, "at": question.answered_at, "text": question.answer}
        elif is_mine:
            shown["url"] = reverse("verb", args=[self.handoff.reference, Verb.ANSWER.value])
            shown["form"] = AnswerForm(
                handoff=self.handoff,
                member=self.member,
                initial={"question": question.id},
                auto_id=f"question-{question.id}-%s",
            )
        return shown

    @property
    def _answerable(self) -> set[int]:
        """Ids of the open questions that the reader may answer."""
        if not self.handoff.is_live or Party.ASKED not in self.held:
            return set()
        custodian = Party.CUSTODIAN in self.held
        return {
            question.id
            for question in self.questions
            if question.is_open
            and (question.is_asked_of(self.member) or (custodian and question.asked_by_id != self.member.id))
        }

    # What happened, and what is missing

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The newest events in the order they happened."""
        events = Event.objects.of(self.handoff.id).visible_to(self.member).select_related("by").order_by("-seq")
        newest = list(events if self.whole_history else events[: HISTORY + 1])
        self.has_older = not self.whole_history and len(newest) > HISTORY
        shown = newest if self.whole_history else newest[:HISTORY]
        return [
            {"at": event.at, "sentence": sentence(event), "icon": EVENT_ICONS.get(event.verb, "point")}
            for event in reversed(shown)
        ]

    has_older = False

    @cached_property
    def missing(self) -> list[Lack]:
        """What its holder must still do before it can be offered, or completed."""
        if Party.CUSTODIAN not in self.held:
            return []
        if self.handoff.status in (State.DRAFT, State.RETURNED):
            return [self._lack(lack) for lack in shortfalls(self.handoff, Side.SENDER)]
        found = shortfalls(self.handoff, Side.RECEIVER) if self.handoff.status in IN_HAND else []
        return [self._lack(lack) for lack in found]

    def _lack(self, lack: Shortfall) -> Lack:
        def verb(name: Verb) -> str:
            return reverse("verb", args=[self.handoff.reference, name.value])

        urls = {
            "context": f"{verb(Verb.EDIT)}#id_context-{lack.key}",
            "result": f"{verb(Verb.COMPLETE)}#id_result-{lack.key}",
            "documents": f"{verb(Verb.ATTACH)}?slot={lack.key}",
        }
        return Lack(lack.sentence, urls.get(lack.part, f"#{lack.part}"))

    @cached_property
    def notice(self) -> str:
        """Why it stands still: what the last receiver wants mended, or what the hold waits for."""
        handoff = self.handoff
        if handoff.status is State.ON_HOLD and handoff.held_until:
            return f"On hold until {in_words(handoff.held_until, None, self.now)}: {handoff.hold_reason}"
        if handoff.status is not State.RETURNED:
            return ""
        last = handoff.offers.select_related("closed_by").order_by("-seq").first()
        return f"{last.closed_by.name}: {last.reason}" if last and last.closed_by else ""

    @property
    def urgency(self) -> str:
        """The priority, where it is more than the usual one."""
        return "" if self.handoff.priority == Priority.NORMAL else f"{self.handoff.get_priority_display()} priority"

    @cached_property
    def _custodies(self) -> list[Custody]:
        rows = Custody.objects.filter(organization_id=self.handoff.organization_id, handoff_id=self.handoff.id)
        return list(rows.select_related("holder", "team").order_by("seq"))

    def _mine(self, model: Any) -> Any:
        return model.objects.visible_to(self.member).filter(
            organization_id=self.handoff.organization_id, handoff_id=self.handoff.id
        )
