"""What the design says, written down once more without the product's code: who may do what from where, and what then.

Deliberately a second opinion: it shares names with `handoffs.lifecycle`, but no table and no function.
"""

from dataclasses import dataclass, field

Place = tuple[str, str | None]  # a team, or one of its members

TEAM = {"ana": "Sales", "max": "Sales", "ben": "Onboarding", "bo": "Onboarding", "lea": "Onboarding"}
TEAM |= {"sam": "Support", "sue": "Support", "cleo": "Northwind", "carl": "Northwind"}
LEADS = {"max": "Sales", "lea": "Onboarding", "sam": "Support", "cleo": "Northwind"}
BACKUP = {"Onboarding": "Support"}
# Olga owns the firm and Ada runs it with her; Mo manages Projects; Vic may look at Projects and do nothing; Nils has
# nothing to do with either workspace; Stan belongs to another organization.
CAST = (*TEAM, "mo", "ada", "olga", "vic", "nils", "stan", "system")
CLIENTS = {"cleo", "carl"}
WORKS_IN = {"Projects": {"Sales", "Onboarding", "Support"}, "Northwind": {"Sales", "Onboarding", "Northwind"}}
COORDINATORS = {"Projects": {"mo", "ada", "olga"}, "Northwind": {"ada", "olga"}}
ONLY_LOOKS = {"Projects": {"vic"}, "Northwind": set[str]()}

IN_HAND = {"accepted", "started", "on_hold"}
LIVE = {"draft", "offered", "returned", *IN_HAND}
ENDED = {"completed", "cancelled"}
ANY = {*LIVE, *ENDED}
EVERYBODY = {"participant", "system"}

# verb: (from these states, needs an open offer?, who)
TABLE: dict[str, tuple[set[str], bool | None, set[str]]] = {
    "draft": (LIVE | ENDED, None, {"author"}),  # another one beside this one
    "edit": ({"draft", "returned"}, None, {"custodian"}),
    "offer": ({"draft", "returned"}, False, {"custodian"}),
    "plan": ({"draft", "returned"}, False, {"custodian"}),
    "unplan": ({"draft", "returned"}, None, {"custodian", "system"}),
    "pass_on": (IN_HAND, False, {"custodian"}),
    "hand_back": (IN_HAND, False, {"custodian"}),
    "redirect": (LIVE, True, {"custodian", "receiving lead", "system"}),
    "withdraw": (LIVE, True, {"custodian"}),
    "view": (LIVE, True, {"receiver"}),
    "ask": (LIVE, None, {"receiver", "custodian"}),
    "answer": (LIVE, None, {"asked"}),
    "accept": (LIVE, True, {"receiver"}),
    "return": (LIVE, True, {"receiver", "system"}),
    "start": ({"accepted"}, None, {"custodian"}),
    "hold": ({"accepted", "started"}, None, {"custodian"}),
    "resume": ({"on_hold"}, None, {"custodian", "system"}),
    "complete": ({"accepted", "started"}, False, {"custodian"}),
    "reopen": ({"completed"}, None, {"sender", "system"}),
    "cancel": (LIVE, None, {"system", "sender before acceptance", "coordinator"}),
    "take_over": (LIVE, None, {"lead", "coordinator", "system"}),
    "note": (LIVE, None, EVERYBODY),
    "attach": (LIVE, None, EVERYBODY),
    "tick": (LIVE, None, EVERYBODY),
    "link": (LIVE, None, EVERYBODY),
    "nudge": (LIVE, None, EVERYBODY),
    "share": (ANY, None, {"sharer"}),
    "unshare": (ANY, None, {"sharer"}),
    "escalate": (LIVE, None, {"system"}),
    "recompute": (LIVE, None, {"system"}),
}
# What leaves the work where it stands, and who answers for it.
BESIDE = {"edit", "view", "ask", "answer", "note", "attach", "tick", "link", "nudge", "share", "unshare", "escalate"}
BESIDE |= {"plan", "unplan"}
# Whoever did it last is told that it is done, when they ask for it again.
DONE_TWICE = {"withdraw", "accept", "return", "resume", "complete", "reopen", "cancel", "hand_back"}
RUNGS = 3  # of the standard ladder; the third sends an open offer to the backup team
SENDERS_ITEM, RECEIVERS_ITEM, INTERNAL_ITEM = "briefed", "verified", "billed"


# How long the promises of the template are that all of this is played with.
SHORTEST_FIRST = ("accept", "complete", "start", "answer")


@dataclass(frozen=True)
class Words:
    """What a verb needs beside the one who does it: a receiver, or a checklist item and whether it is done."""

    to: Place = ("Onboarding", None)
    item: str = SENDERS_ITEM
    done: bool = True


USUAL = Words()


@dataclass
class PlainQuestion:
    """Asked by one, of a person or of a team."""

    asker: str
    member: str | None
    team: str | None
    answerer: str | None = None


@dataclass
class PlainClock:
    """A promise: to accept, to complete, to start, or to answer the question of that number."""

    kind: str
    question: int | None = None
    rungs: int = 0
    paused: bool = False
    stopped: bool = False


@dataclass
class PlainAlarm:
    """One rung of one clock went off; raised when people were told, or when there was nothing to tell any more."""

    clock: PlainClock
    rung: int
    raised: bool = False


@dataclass
class PlainHandoff:
    """A handoff as plain values; people and teams by name. Ana drafted it."""

    workspace: str = "Projects"
    state: str = "draft"
    custodian: str | None = "ana"
    custodian_team: str | None = "Sales"
    offer: Place | None = None
    viewed: bool = False
    came_from: list[tuple[str, str]] = field(default_factory=list)  # givers and their teams, of accepted offers
    completer: tuple[str, str] | None = None
    held_from: str = ""
    last: tuple[str, str] = ("draft", "ana")  # the last change of state or custody, and who made it
    questions: list[PlainQuestion] = field(default_factory=list)
    ticked: dict[str, str] = field(default_factory=dict)  # item: who ticked it
    clocks: list[PlainClock] = field(default_factory=list)
    alarms: list[PlainAlarm] = field(default_factory=list)
    planned: Place | None = None
    shared: bool = False  # with Vic, who sees Projects anyway

    def parties(self, who: str) -> set[str]:
        """What `who` is to it now."""
        if who == "system":
            return {"system", "author"}
        works = TEAM.get(who) in WORKS_IN[self.workspace]
        coordinates = who in COORDINATORS[self.workspace]
        found = {"author"} if works or coordinates else set()
        if not (works or coordinates or who == self.custodian):
            return found
        found.add("participant")
        if coordinates:
            found.add("coordinator")
        if who == self.custodian:
            found.add("custodian")
        if (coordinates or who == self.custodian) and who not in CLIENTS:
            found.add("sharer")
        if who == "ana":
            found |= {"sender"} | ({"sender before acceptance"} if self.state not in IN_HAND else set())
        if self.custodian_team and LEADS.get(who) == self.custodian_team:
            found.add("lead")
        if self.offer is not None:
            team, member = self.offer
            if LEADS.get(who) == team:
                found.add("receiving lead")
            if who != self.custodian and (who == member if member else TEAM.get(who) == team):
                found.add("receiver")
        question = self.question()
        if question and who != question.asker and self._is_asked(question, who):
            found.add("asked")
        return found

    def question(self) -> PlainQuestion | None:
        """The one an answer is for: the first that is open, else the last there was."""
        return next((q for q in self.questions if q.answerer is None), self.questions[-1] if self.questions else None)

    def alarm(self) -> PlainAlarm | None:
        """The one to raise: the first of which nobody was told, else the last there was."""
        return next((a for a in self.alarms if not a.raised), self.alarms[-1] if self.alarms else None)

    def answer(self, verb: str, who: str, words: Words = USUAL) -> str:
        """What the product must say: "unknown", "invalid", "conflict", "forbidden", "repeat" or "done"."""
        if who == "stan":
            return {"draft": "forbidden", "share": "invalid", "unshare": "invalid"}.get(verb, "unknown")
        absent = self._absent(verb, who, words)
        if absent:
            return absent
        if self._repeats(verb, who, words):
            return "repeat"
        states, needs_offer, entitled = TABLE[verb]
        if self.state not in states or (needs_offer is not None and needs_offer != (self.offer is not None)):
            return "conflict"
        if not entitled & self.parties(who):
            return "forbidden"
        return self._in_vain(verb, who) or "done"

    def _absent(self, verb: str, who: str, words: Words) -> str:
        """What it is about is not there, or not for this one to know of."""
        if verb == "answer" and self.question() is None:
            return "invalid"
        return "invalid" if verb == "tick" and words.item == INTERNAL_ITEM and who in CLIENTS else ""

    def _in_vain(self, verb: str, who: str) -> str:
        """Theirs to do, and now; only there is nobody to do it to, or no need."""
        if verb == "nudge" and self.offer is None and self.custodian == who:
            return "conflict"
        if verb == "ask" and self._asked_by(who).member == who:
            return "conflict"
        question = self.question()
        if verb == "answer" and question and question.answerer is not None:
            return "conflict"
        # The system moves custody between people; it never holds any.
        return "invalid" if verb == "take_over" and who == "system" else ""

    def _repeats(self, verb: str, who: str, words: Words) -> bool:
        states, needs_offer, entitled = TABLE[verb]
        fits = self.state in states and needs_offer in (None, self.offer is not None)
        may = fits and bool(entitled & self.parties(who))
        question, alarm = self.question(), self.alarm()
        match verb:
            case "offer" | "pass_on":
                there = {"offered"} if verb == "offer" else IN_HAND
                return self.state in there and who == self.custodian and self.offer == words.to
            case "plan":
                return who == self.custodian and self.planned == words.to
            case "unplan":
                return may and self.planned is None
            case "redirect":
                return may and self.offer == words.to
            case "view":
                return may and self.viewed
            case "take_over":
                return self.state in LIVE and who == self.custodian
            case "start":
                return self.state == "started" and who == self.custodian
            case "hold":
                return self.state == "on_hold" and who == self.custodian
            case "answer":
                return question is not None and question.answerer == who
            case "tick":
                return (words.item in self.ticked) is words.done and (may or self.ticked.get(words.item) == who)
            case "share" | "unshare":
                return may and self.shared is (verb == "share")
            case "recompute":
                return who == "system"  # no hours have changed
            case "escalate":
                over = alarm is None or alarm.raised or alarm.clock.stopped or self.state in ENDED
                return over and who == "system"
        return verb in DONE_TWICE and not fits and self.last == (verb, who)

    def _is_asked(self, question: PlainQuestion, who: str) -> bool:
        """The person, or anybody of the team; and whoever answers for the work by now."""
        return who == self.custodian or (who == question.member if question.member else TEAM.get(who) == question.team)

    def _asked_by(self, who: str) -> PlainQuestion:
        """What a question of theirs would be: to the custodian, and theirs to the receivers or to the giver."""
        if who != self.custodian:
            return PlainQuestion(who, self.custodian, None)
        if self.offer is not None:
            return PlainQuestion(who, self.offer[1], self.offer[0])
        return PlainQuestion(who, next((giver for giver, _ in reversed(self.came_from) if giver != who), "ana"), None)

    def ticking(self) -> list[PlainClock]:
        """The clocks that will go off if nobody does anything; the shorter promise first."""
        running = [clock for clock in self.clocks if not clock.stopped and not clock.paused and clock.rungs < RUNGS]
        return sorted(running, key=lambda clock: SHORTEST_FIRST.index(clock.kind))

    def goes_off(self, kind: str, question: int | None = None) -> PlainAlarm:
        """Time passes, and the next rung of this clock is due."""
        clock = next(clock for clock in self.ticking() if (clock.kind, clock.question) == (kind, question))
        clock.rungs += 1
        self.alarms.append(PlainAlarm(clock, clock.rungs))
        return self.alarms[-1]

    def do(self, verb: str, who: str, words: Words = USUAL) -> None:
        """What is different afterwards. Call it only when the answer is "done", or of no matter to anybody but us."""
        if verb == "draft":
            return
        if verb in BESIDE:
            self._say(verb, who, words)
            return
        self.last = (verb, who)
        if verb == "take_over":
            self.custodian = who
        self._transfer(verb, who, words)
        self._work(verb, who)
        if self.state not in ("draft", "returned"):
            self.planned = None

    def _transfer(self, verb: str, who: str, words: Words) -> None:
        """What opens an offer, and what ends one."""
        match verb:
            case "offer" | "pass_on" | "redirect":
                self.state = "offered" if verb == "offer" else self.state
                self._open(*words.to)
            case "hand_back":
                giver, team = next(pair for pair in reversed(self.came_from) if pair[0] != who)
                self._open(team, giver if TEAM.get(giver) == team else None)
            case "reopen":
                assert self.completer
                name, team = self.completer
                self.state, self.custodian, self.custodian_team = "offered", "ana", "Sales"
                self._open(team, name if name != "ana" and TEAM.get(name) == team else None)
            case "withdraw" | "return":
                back = "draft" if verb == "withdraw" else "returned"
                self.state = back if self.state == "offered" else self.state
                self._close()
            case "accept":
                assert self.offer
                assert self.custodian
                self.came_from.append((self.custodian, self.custodian_team or ""))
                self.custodian, self.custodian_team, self.state = who, self.offer[0], "accepted"
                self._close()
                self._stop("start")
                self.clocks.append(PlainClock("start"))
                if not self._running("complete"):
                    self.clocks.append(PlainClock("complete"))
                self._go_on()

    def _work(self, verb: str, who: str) -> None:
        """What the one who holds it does with it, and its end."""
        match verb:
            case "start":
                self.state = "started"
                self._stop("start")
            case "hold":
                self.state, self.held_from = "on_hold", self.state
                for clock in [*self._running("start"), *self._running("complete")]:
                    clock.paused = True
            case "resume":
                self.state = self.held_from
                self._go_on()
            case "complete":
                self.completer = (who, self.custodian_team or "")
                self._end("completed")
            case "cancel":
                self._end("cancelled")

    def _say(self, verb: str, who: str, words: Words) -> None:
        """What is kept beside the work."""
        match verb:
            case "view":
                self.viewed = True
            case "ask":
                self.questions.append(self._asked_by(who))
                self.clocks.append(PlainClock("answer", question=len(self.questions) - 1))
            case "answer":
                question = self.question()
                assert question
                question.answerer = who
                for clock in self._running("answer"):
                    clock.stopped = clock.stopped or clock.question == self.questions.index(question)
            case "tick":
                self.ticked.pop(words.item, None)
                if words.done:
                    self.ticked[words.item] = who
            case "share" | "unshare":
                self.shared = verb == "share"
            case "plan" | "unplan":
                self.planned = words.to if verb == "plan" else None
            case "escalate":
                self._escalate()

    def _escalate(self) -> None:
        alarm = self.alarm()
        if alarm is None:
            return
        tells, alarm.raised = not (alarm.raised or alarm.clock.stopped), True
        if tells and alarm.rung == RUNGS and alarm.clock.kind == "accept":
            assert self.offer
            backup = BACKUP.get(self.offer[0])
            if backup in WORKS_IN[self.workspace]:
                self._open(backup, None)
                self.last = ("redirect", "system")

    def _open(self, team: str, member: str | None) -> None:
        """A new offer, in place of the open one if there is one; the time to accept begins anew."""
        self._close()
        self.offer, self.viewed = (team, member), False
        self.clocks.append(PlainClock("accept"))

    def _close(self) -> None:
        self.offer = None
        self._stop("accept")

    def _stop(self, kind: str) -> None:
        for clock in self._running(kind):
            clock.stopped = True

    def _go_on(self) -> None:
        for clock in self.clocks:
            clock.paused = False

    def _end(self, state: str) -> None:
        self._close()
        self.state, self.custodian, self.custodian_team = state, None, None
        for clock in self.clocks:
            clock.stopped = True

    def _running(self, kind: str) -> list[PlainClock]:
        return [clock for clock in self.clocks if clock.kind == kind and not clock.stopped]
