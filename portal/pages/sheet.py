"""Everything one reader may see of one handoff and do with it, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from handoffs.completeness import shortfalls
from handoffs.delivery.failures import looks_after, told_of, undelivered
from handoffs.insight.place import Place, Source, place_of
from handoffs.insight.time import spent
from handoffs.lifecycle import IN_HAND, Party, State, Verb
from handoffs.models import Clock, Handoff, Priority, Question, Side
from handoffs.parties import parties
from handoffs.parts import records_of
from handoffs.refusals import Shortfall
from handoffs.sharing import Sharing, sharing_of
from portal.forms.facts import AnswerForm
from portal.forms.sharing import key_of
from portal.pages.buttons import Buttons, buttons
from portal.pages.clocks import Promise, promise
from portal.pages.packet import Packet
from portal.pages.read_back import ReadBackShown, read_back_of
from portal.pages.since import Shown, shown
from portal.pages.spent import WhereItWent
from portal.pages.trail import Relay, Trail
from portal.templatetags.times import in_words
from tenants.access import Permission, may
from tenants.models import Member, Role

FAILURES_SHOWN = 20


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
        self.offer = handoff.open_offer
        self.packet = Packet(handoff, member, now)
        self.trail = Trail(handoff, member, now, whole=whole_history)

    @cached_property
    def held(self) -> frozenset[Party]:
        """What the reader is to this handoff."""
        open_questions = [question for question in self.packet.questions if question.is_open]
        return parties(self.handoff, self.member, open_questions)

    @cached_property
    def buttons(self) -> Buttons:
        """The verbs the reader may do now."""
        return buttons(self.handoff, self.member, self.held)

    @cached_property
    def undelivered(self) -> list[tuple[int, str]]:
        """What could not be delivered of this, as (id, sentence), for those who look after it."""
        if not looks_after(self.handoff, self.member):
            return []
        return [(message.pk, told_of(message)) for message in undelivered(self.handoff)[:FAILURES_SHOWN]]

    @property
    def can_take_part(self) -> bool:
        """Whether the reader may add to it at all: tick, attach, note."""
        return self.handoff.is_live and Party.PARTICIPANT in self.held

    @property
    def may_share(self) -> bool:
        """Whether the reader decides who else sees it."""
        return Party.SHARER in self.held

    @cached_property
    def sharing(self) -> Sharing:
        """Who sees it beyond its workspace."""
        return sharing_of(self.handoff, self.member)

    @property
    def shared_with(self) -> list[dict[str, str]]:
        """The same by name, each with the key by which a form takes it back."""
        return [{"name": each.name, "key": key_of(each)} for each in self.sharing.everybody]

    @cached_property
    def since(self) -> Shown | None:
        """What changed since its receiver gave it back."""
        return shown(self.trail.since, self.packet) if self.trail.since else None

    @property
    def may_unplan(self) -> bool:
        """Whether the reader may take back that it is offered by itself."""
        return self.handoff.planned_at is not None and Party.CUSTODIAN in self.held

    @property
    def has_receipt(self) -> bool:
        """Whether somebody has accepted it at any time."""
        return any(row.offer_id for row in self.trail.custody)

    @property
    def may_send_another(self) -> bool:
        """Whether the reader may begin one like it there."""
        workspace = self.handoff.workspace
        return workspace.closed_at is None and may(self.member, Permission.SEND, workspace)

    @property
    def should_record_view(self) -> bool:
        """Whether this look is the first by a possible receiver of the open offer."""
        return Party.RECEIVER in self.held and self.offer is not None and self.offer.viewed_at is None

    @property
    def state(self) -> str:
        """The state, or what the reader needs to know first."""
        return "waiting_for_you" if Party.RECEIVER in self.held else self.handoff.state

    @property
    def relay(self) -> Relay:
        """From whom to whom."""
        return self.trail.relay("You can accept" if Party.RECEIVER in self.held else self.trail.seen())

    @property
    def urgency(self) -> str:
        """The priority, where it is more than the usual one."""
        return "" if self.handoff.priority == Priority.NORMAL else f"{self.handoff.get_priority_display()} priority"

    @cached_property
    def notice(self) -> str:
        """Why it stands still: what the last receiver wants mended, or what the hold waits for."""
        handoff = self.handoff
        if handoff.status is State.ON_HOLD and handoff.held_until:
            return f"On hold until {in_words(handoff.held_until, None, self.now)}: {handoff.hold_reason}"
        last = self.trail.last_offer if handoff.status is State.RETURNED else None
        return f"{last.closed_by.name}: {last.reason}" if last and last.closed_by else ""

    @cached_property
    def promises(self) -> list[Promise]:
        """The clocks that run, the time to accept first."""
        clocks = records_of(self.handoff, Clock, "kind", "calendar", "ladder", where="one.stopped_at IS NULL")
        return [promise(clock, self.handoff.reference, self.now, self.handoff.held_until) for clock in clocks]

    @cached_property
    def place(self) -> Place | None:
        """Which step of which case it is, if it is one."""
        return place_of(self.handoff, self.member)

    @property
    def context(self) -> list[tuple[str, str, bool, Source | None]]:
        """What was handed over, each value with where it came from."""
        return self.packet.told_context(self.place.sources if self.place else {})

    @cached_property
    def read_back(self) -> ReadBackShown | None:
        """With what it was accepted last; not for those who are about to read it back themselves."""
        return None if self.packet.covered else read_back_of(self.handoff, self.member, self.now)

    @cached_property
    def spent(self) -> WhereItWent | None:
        """Where the time went, once it was offered."""
        if not self.handoff.first_offered_at:
            return None
        # A client's questions are not all there are.
        questions = None if self.member.role == Role.CLIENT else self.packet.questions
        return WhereItWent(spent(self.handoff, self.now, self.trail.custody, questions))

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
        urls = {
            "context": f"{self._url(Verb.EDIT)}#id_context-{lack.key}",
            "result": f"{self._url(Verb.COMPLETE)}#id_result-{lack.key}",
            "documents": f"{self._url(Verb.ATTACH)}?slot={lack.key}",
        }
        return Lack(lack.sentence, urls.get(lack.part, f"#{lack.part}"))

    @property
    def asked_and_answered(self) -> list[dict[str, Any]]:
        """Each question as components/question.html shows it, with the form for those who may answer."""
        may_answer = self.handoff.is_live and Party.ASKED in self.held
        return [self._question(q, may_answer and self._is_mine(q)) for q in self.packet.questions]

    def _is_mine(self, question: Question) -> bool:
        """Whether this open question is for the reader: asked, or answering for the work by now."""
        answers_for_it = Party.CUSTODIAN in self.held and question.asked_by_id != self.member.id
        return question.is_open and (answers_for_it or question.is_asked_of(self.member))

    def _question(self, question: Question, is_mine: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": question.id, "who": question.asked_by.name, "at": question.asked_at}
        shown |= {"text": question.body, "internal": question.internal}
        if question.answered_by is not None:
            shown["answer"] = {"who": question.answered_by.name, "at": question.answered_at, "text": question.answer}
        elif is_mine:
            shown["url"] = self._url(Verb.ANSWER)
            shown["form"] = AnswerForm(
                handoff=self.handoff,
                member=self.member,
                initial={"question": question.id},
                auto_id=f"question-{question.id}-%s",
            )
        return shown

    def _url(self, verb: Verb) -> str:
        return reverse("verb", args=[self.handoff.reference, verb.value])
