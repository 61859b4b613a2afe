"""One call per verb with whatever words it needs, so that tests can speak of (verb, member) alone."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from handoffs import actions
from handoffs.models import Handoff
from tenants.models import Member
from tests.world import World

_number = count(1)


def who_is(world: World, name: str) -> Member:
    """A fresh membership, as one more request would load it."""
    if name == "system":
        return world.system
    return Member.objects.select_related("user").get(organization=world.organization, name=name.capitalize())


def attempt(
    world: World, handoff: Handoff, verb: str, name: str, to: tuple[str, str | None] = ("Onboarding", None)
) -> Handoff:
    """Has `name` do `verb`, ten minutes later than whatever came before."""
    by, at = who_is(world, name), world.later(minutes=20)
    team, member = to

    def receiver() -> dict[str, object]:
        return {"to_team": world.team(team), "to_member": who_is(world, member) if member else None}

    words: dict[str, Callable[[], dict[str, object]]] = {
        "edit": lambda: {"summary": f"Edited {next(_number)}"},
        "offer": receiver,
        "pass_on": receiver,
        "redirect": receiver,
        "hand_back": lambda: {"reason": "Not for us after all"},
        "return": lambda: {"reason": "The access list is missing"},
        "ask": lambda: {"body": f"Who signs? ({next(_number)})"},
        "hold": lambda: {"reason": "Waiting for the client", "until": at + timedelta(days=400)},
        "reopen": lambda: {"reason": "The invoice was wrong"},
        "cancel": lambda: {"reason": "Signed elsewhere"},
        "take_over": lambda: {"reason": "Away sick"},
        "note": lambda: {"body": f"By the way ({next(_number)})"},
        "share": lambda: {"to": who_is(world, "vic")},
        "unshare": lambda: {"to": who_is(world, "vic")},
        "link": lambda: {"url": f"https://fjord.example/{next(_number)}"},
    }
    action = getattr(actions, "return_" if verb == "return" else verb)
    done: Handoff = action(handoff, by=by, at=at, **words.get(verb, dict)())
    return done
