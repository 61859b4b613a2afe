"""The buttons of a handoff: exactly the verbs that the rulebook allows its reader now, and how each is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from handoffs.lifecycle import BY_ITSELF, Party, State, Verb, allowed
from handoffs.models import Handoff
from portal.forms.forms_of import form_of
from tenants.models import Member

ICONS: Mapping[Verb, str] = {
    Verb.EDIT: "pencil",
    Verb.OFFER: "send",
    Verb.PASS_ON: "arrow-forward-up",
    Verb.HAND_BACK: "arrow-back",
    Verb.REDIRECT: "arrow-guide",
    Verb.WITHDRAW: "arrow-narrow-left",
    Verb.ASK: "message-question",
    Verb.ACCEPT: "check",
    Verb.RETURN: "arrow-back-up",
    Verb.START: "player-play",
    Verb.HOLD: "player-pause",
    Verb.RESUME: "player-play",
    Verb.COMPLETE: "circle-check",
    Verb.REOPEN: "refresh",
    Verb.CANCEL: "ban",
    Verb.TAKE_OVER: "hand-grab",
    Verb.NOTE: "note",
    Verb.ATTACH: "paperclip",
    Verb.NUDGE: "bell",
    Verb.LINK: "link",
    Verb.SHARE: "share",
    Verb.UNSHARE: "eye-off",
}
# Done where their thing stands on the page, or (view) by looking.
IN_PLACE = BY_ITSELF | {Verb.VIEW, Verb.ANSWER, Verb.TICK, Verb.SHARE, Verb.UNSHARE, Verb.PLAN, Verb.UNPLAN}
# The one thing to do next, the first of these that is allowed.
PRIMARY = (Verb.ACCEPT, Verb.OFFER, Verb.START, Verb.RESUME, Verb.COMPLETE, Verb.REOPEN)
AT_HAND = (Verb.ASK, Verb.EDIT, Verb.RETURN, Verb.WITHDRAW, Verb.COMPLETE, Verb.HOLD, Verb.NUDGE)
ROOM = 2
DANGEROUS = frozenset({Verb.CANCEL, Verb.TAKE_OVER})


@dataclass(frozen=True)
class Button:
    """One verb: a link to its form where it needs words, else a button that does it."""

    verb: Verb
    text: str
    icon: str
    url: str
    kind: str
    needs_words: bool
    why_not: str = ""


@dataclass(frozen=True)
class Buttons:
    """The bar of verbs: those at hand (the primary one last), and those behind "More"."""

    at_hand: Sequence[Button]
    more: Sequence[Button]

    @property
    def all(self) -> Sequence[Button]:
        """Every button, each verb once."""
        return [*self.at_hand, *self.more]


def buttons(handoff: Handoff, member: Member, held: Collection[Party]) -> Buttons:
    """What this member, being these parties, may do now."""
    verbs = [v for v in allowed(handoff.status, handoff.open_offer is not None, held) if v not in IN_PLACE]
    pointless = {verb: why for verb in verbs if (why := _why_not(verb, handoff, member))}
    primary = next((verb for verb in PRIMARY if verb in verbs), None)
    beside = [v for v in AT_HAND if v in verbs and v is not primary and v not in pointless][:ROOM]
    at_hand = [_button(handoff, verb, "") for verb in beside]
    if primary is not None:
        at_hand.append(_button(handoff, primary, "primary"))
    rest = sorted((v for v in verbs if v is not primary and v not in beside), key=lambda verb: verb in DANGEROUS)
    more = [_button(handoff, v, "danger" if v in DANGEROUS else "", pointless.get(v, "")) for v in rest]
    return Buttons(at_hand, more)


def _button(handoff: Handoff, verb: Verb, kind: str, why_not: str = "") -> Button:
    url = reverse("verb", args=[handoff.reference, verb.value])
    return Button(verb, verb.label, ICONS[verb], url, kind, form_of(verb, handoff).needs_words, why_not)


def _why_not(verb: Verb, handoff: Handoff, member: Member) -> str:
    """Allowed by the rulebook, but with nobody at the other end just now."""
    alone = handoff.open_offer is None and handoff.custodian_id == member.id
    if verb is Verb.NUDGE and alone:
        return "You answer for this yourself."
    if verb is Verb.ASK and alone and handoff.status in (State.DRAFT, State.RETURNED):
        return "Offer it first; there is nobody to ask yet."
    return ""
