"""The rulebook as a page for people: two state charts and the table of verbs, made from `handoffs.lifecycle`."""

from collections.abc import Iterable, Iterator

from handoffs.lifecycle import ENDS, FACTS, OPENS, RULES, Landing, OfferState, Rule, State, Verb

Standing = tuple[State, bool]  # where the work stands, and whether an offer is open

HEAD = """\
# The life of a handoff

Made by `manage.py lifecycle` from `handoffs/lifecycle.py`; `make check` tells when the two have drifted apart.

A handoff is the work, an offer is one attempt to transfer it. Custody, and with it the answer to "whose is it now?",
moves only by an accepted offer or by a recorded take-over.
"""

HANDOFF = """\
## The handoff

Each arrow is a verb that moves the state. What leaves the state alone is in the table below.
"""

OFFER = """\
## The offer

At most one offer of a handoff is open. Delivered and viewed are instants on the offer, not states: looking is not
accepting.
"""

TABLE = """\
## The verbs

"Live" is every state but completed and cancelled. An instant is judged before a person: a lost race is told as
"not now", with the name of the present holder, never as "not yours".

| verb | on the button | by | from | open offer | to | in the timeline |
|---|---|---|---|---|---|---|
"""

ENTRY = "[*]"


def page() -> str:
    """The whole of docs/lifecycle.md."""
    parts = [HEAD, HANDOFF, chart(handoff_arrows()), OFFER, chart(offer_arrows()), TABLE + "\n".join(rows())]
    return "\n".join(parts) + "\n"


def chart(arrows: Iterable[tuple[str, str, str]]) -> str:
    """A mermaid state chart; verbs that share an arrow share its label."""
    labels: dict[tuple[str, str], list[str]] = {}
    for source, target, verb in arrows:
        labels.setdefault((source, target), []).append(verb)
    lines = [
        f"    {source} --> {target}" + (f": {', '.join(verbs)}" if any(verbs) else "")
        for (source, target), verbs in labels.items()
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def handoff_arrows() -> Iterator[tuple[str, str, str]]:
    """(from, to, verb) for every verb that moves the state, or custody as accept does, from a state it can meet."""
    yield ENTRY, State.DRAFT.value, Verb.DRAFT.value
    met = reachable()
    for state in State:
        for verb, rule in RULES.items():
            offers = [offer for offer in (False, True) if (state, offer) in met and fits(rule, state, offer)]
            if not offers or verb is Verb.DRAFT:
                continue
            for target in landings(rule, state):
                if target is not state or verb is Verb.ACCEPT:
                    yield state.value, target.value, verb.value
    for state in (State.COMPLETED, State.CANCELLED):
        yield state.value, ENTRY, ""


def offer_arrows() -> Iterator[tuple[str, str, str]]:
    """(from, to, verb) for every verb that opens or ends an offer."""
    for verb in OPENS:
        yield ENTRY, OfferState.OPEN.value, verb.value
    for verb, ended in ENDS.items():
        yield OfferState.OPEN.value, ended.value, verb.value
    for state in OfferState:
        if state is not OfferState.OPEN:
            yield state.value, ENTRY, ""


def reachable() -> frozenset[Standing]:
    """Every (state, open offer) that some row of verbs leads to, beginning with a draft."""
    found: set[Standing] = set()
    ahead: list[Standing] = [(State.DRAFT, False)]
    while ahead:
        standing = ahead.pop()
        if standing not in found:
            found.add(standing)
            ahead += next_standings(*standing)
    return frozenset(found)


def next_standings(state: State, offer: bool) -> Iterator[Standing]:
    """Where one verb can lead from here."""
    for verb, rule in RULES.items():
        if verb is not Verb.DRAFT and fits(rule, state, offer):
            open_afterwards = verb in OPENS or (offer and verb not in ENDS)
            for target in landings(rule, state):
                yield target, open_afterwards


def fits(rule: Rule, state: State, offer: bool) -> bool:
    """Whether the rule's verb can set out from here, whoever does it."""
    return state in rule.states and rule.offer in (None, offer)


def landings(rule: Rule, state: State) -> list[State]:
    """The states after the verb; several when that depends on where a hold began."""
    if rule.to is Landing.BEFORE_HOLD:
        return sorted(RULES[Verb.HOLD].states, key=list(State).index)
    return [rule.lands(state)]


def rows() -> Iterator[str]:
    """The table's rows, in the order of the rulebook."""
    for verb, rule in RULES.items():
        to = "same" if verb in FACTS or rule.to is Landing.SAME else plain(str(rule.to))
        offer = {True: "must be open", False: "must not be open", None: "either"}[rule.offer]
        by = ", ".join(sorted(party.value for party in rule.by))
        cells = [f"`{verb.value}`", rule.label, by, origins(rule), offer if rule.states else "–", to, rule.sentence]
        yield f"| {' | '.join(cells)} |"


def origins(rule: Rule) -> str:
    """The states a verb sets out from, the long list by its name."""
    live = {state for state in State if state not in (State.COMPLETED, State.CANCELLED)}
    if not rule.states:
        return "–"
    if rule.states == set(State):
        return "any"
    return "live" if rule.states == live else ", ".join(plain(s.value) for s in State if s in rule.states)


def plain(word: str) -> str:
    """As people write it."""
    return word.replace("_", " ")
