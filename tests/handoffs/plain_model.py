"""What the design says, written down once more without the product's code: who may do what from where, and what then.

Deliberately a second opinion: it shares names with `handoffs.lifecycle`, but no table and no function.
"""

from dataclasses import dataclass, field

TEAM = {"ana": "Sales", "max": "Sales", "ben": "Onboarding", "bo": "Onboarding", "lea": "Onboarding"}
TEAM |= {"sam": "Support", "sue": "Support"}
LEADS = {"max": "Sales", "lea": "Onboarding", "sam": "Support"}
COORDINATORS = {"mo", "olga"}
# Olga and Max and the rest see Projects; Vic sees it and only looks; Nils and Cleo do not see it at all.
SEES = {*TEAM, *COORDINATORS, "vic"}
CAST = (*TEAM, "mo", "olga", "vic", "nils", "cleo", "system")

IN_HAND = {"accepted", "started", "on_hold"}
LIVE = {"draft", "offered", "returned", *IN_HAND}
ANY = {*LIVE, "completed", "cancelled"}

# verb: (from these states, needs an open offer?, who)
TABLE: dict[str, tuple[set[str], bool | None, set[str]]] = {
    "edit": ({"draft", "returned"}, None, {"custodian"}),
    "offer": ({"draft", "returned"}, False, {"custodian"}),
    "pass_on": (IN_HAND, False, {"custodian"}),
    "hand_back": (IN_HAND, False, {"custodian"}),
    "redirect": (LIVE, True, {"custodian", "receiving lead", "system"}),
    "withdraw": (LIVE, True, {"custodian"}),
    "view": (LIVE, True, {"receiver"}),
    "ask": (LIVE, None, {"receiver", "custodian"}),
    "accept": (LIVE, True, {"receiver"}),
    "return": (LIVE, True, {"receiver"}),
    "start": ({"accepted"}, None, {"custodian"}),
    "hold": ({"accepted", "started"}, None, {"custodian"}),
    "resume": ({"on_hold"}, None, {"custodian", "system"}),
    "complete": ({"accepted", "started"}, False, {"custodian"}),
    "reopen": ({"completed"}, None, {"sender"}),
    "cancel": (LIVE, None, {"sender before acceptance", "coordinator"}),
    "take_over": (LIVE, None, {"lead", "coordinator", "system"}),
    "note": (LIVE, None, {"participant", "system"}),
    "link": (LIVE, None, {"participant", "system"}),
    "nudge": (LIVE, None, {"participant", "system"}),
    "share": (ANY, None, {"custodian", "coordinator"}),
    "unshare": (ANY, None, {"custodian", "coordinator"}),
}


@dataclass
class PlainHandoff:
    """A handoff as plain values; people and teams by name. Ana drafted it in Projects."""

    state: str = "draft"
    custodian: str | None = "ana"
    custodian_team: str | None = "Sales"
    offer: tuple[str, str | None] | None = None  # (team, member)
    came_from: list[tuple[str, str]] = field(default_factory=list)  # givers and their teams, of accepted offers
    completer: tuple[str, str] | None = None
    held_from: str = ""
    shared: bool = False  # with Vic, who sees Projects anyway
    last: tuple[str, str] = ("draft", "ana")  # the last change of state or custody, and who made it

    def parties(self, who: str) -> set[str]:
        """What `who` is to it now."""
        found = {"system"} if who == "system" else set()
        if who in SEES and who != "vic":
            found.add("participant")
        if who in COORDINATORS:
            found.add("coordinator")
        if who == self.custodian:
            found.add("custodian")
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
        return found

    def answer(self, verb: str, who: str, to: tuple[str, str | None] = ("", None)) -> str:
        """What the product must say: "conflict", "forbidden", "repeat" or "done"."""
        states, needs_offer, entitled = TABLE[verb]
        if self._repeats(verb, who, to):
            return "repeat"
        if self.state not in states or (needs_offer is not None and needs_offer != (self.offer is not None)):
            return "conflict"
        return "done" if entitled & self.parties(who) else "forbidden"

    def _repeats(self, verb: str, who: str, to: tuple[str, str | None]) -> bool:
        if verb in ("offer", "pass_on"):
            there = {"offered"} if verb == "offer" else IN_HAND
            return self.state in there and who == self.custodian and self.offer == to
        if verb == "redirect":
            return self.offer == to and bool(TABLE[verb][2] & self.parties(who))
        if verb in ("share", "unshare"):
            return self.shared == (verb == "share") and bool(TABLE[verb][2] & self.parties(who))
        if verb == "take_over":
            return self.state in LIVE and who == self.custodian
        if verb == "start":
            return self.state == "started" and who == self.custodian
        if verb == "hold":
            return self.state == "on_hold" and who == self.custodian
        states, needs_offer, _ = TABLE[verb]
        fits = self.state in states and needs_offer in (None, self.offer is not None)
        repeatable = {"withdraw", "accept", "return", "resume", "complete", "reopen", "cancel", "hand_back"}
        return verb in repeatable and not fits and self.last == (verb, who)

    def do(self, verb: str, who: str, to: tuple[str, str | None] = ("Onboarding", None)) -> None:
        """What is different afterwards. Call it only when the answer is "done"."""
        before = self.state
        match verb:
            case "offer":
                self.state, self.offer = "offered", to
            case "pass_on" | "redirect":
                self.offer = to
            case "hand_back":
                giver, team = next(pair for pair in reversed(self.came_from) if pair[0] != who)
                self.offer = (team, giver if TEAM.get(giver) == team else None)
            case "withdraw":
                self.state, self.offer = ("draft" if before == "offered" else before), None
            case "return":
                self.state, self.offer = ("returned" if before == "offered" else before), None
            case "accept":
                assert self.offer
                assert self.custodian
                self.came_from.append((self.custodian, self.custodian_team or ""))
                self.custodian, self.custodian_team = who, self.offer[0]
                self.state, self.offer = "accepted", None
            case "start":
                self.state = "started"
            case "hold":
                self.state, self.held_from = "on_hold", before
            case "resume":
                self.state = self.held_from
            case "complete":
                self.completer = (who, self.custodian_team or "")
                self.state, self.custodian, self.custodian_team = "completed", None, None
            case "reopen":
                assert self.completer
                self.state, self.custodian, self.custodian_team = "offered", "ana", "Sales"
                self.offer = (self.completer[1], self.completer[0] if self.completer[0] != "ana" else None)
            case "cancel":
                self.state, self.custodian, self.custodian_team, self.offer = "cancelled", None, None, None
            case "take_over":
                self.custodian = who
            case "share" | "unshare":
                self.shared = verb == "share"
        if verb not in {"edit", "view", "ask", "note", "link", "nudge", "share", "unshare"}:
            self.last = (verb, who)
