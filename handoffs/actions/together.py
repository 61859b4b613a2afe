"""The same verb on many handoffs: each succeeds or is refused for itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from handoffs.handoff import Handoff
from handoffs.refusals import Refusal


@dataclass(frozen=True)
class Outcome:
    """What became of one of them: done, or refused with a sentence."""

    handoff: Handoff
    refusal: Refusal | None = None


def together(handoffs: Iterable[Handoff], act: Callable[[Handoff], Handoff]) -> list[Outcome]:
    """Does `act` to each inside the caller's transaction; a refusal takes back its own handoff alone.

    In the order of their ids, so that two who choose the same ones do not wait for each other in a circle. The outcomes
    come in the order given.
    """
    known = list(handoffs)
    outcomes = {handoff.pk: _one(handoff, act) for handoff in sorted(known, key=lambda each: each.pk)}
    return [outcomes[handoff.pk] for handoff in known]


def _one(handoff: Handoff, act: Callable[[Handoff], Handoff]) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(act(handoff))
    except Refusal as refusal:
        return Outcome(handoff, refusal)
