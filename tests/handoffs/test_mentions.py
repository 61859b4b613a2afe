"""Mentions: who is meant by “@Name”, who is told, and who never hears of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs import actions
from handoffs.delivery.people import audience
from handoffs.lifecycle import State, Verb
from handoffs.models import Event, Handoff
from handoffs.packet.mentions import mentioned
from tests.world import World

PEOPLE = [(1, "Ana"), (2, "Ben Okri"), (3, "Ben Olsen"), (4, "Li"), (5, "Liza  van Dam"), (6, "Ana"), (7, " ")]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("@Ana, please look", [1, 6]),
        ("@ben okri and @BEN OLSEN", [2, 3]),
        ("@Ben whoever", []),  # two are called so
        ("(@Liza) knows", [5]),
        ("@Liza van Dam's list", [5]),
        ("@Lizabeth", []),
        ("@Li-Ming", [4]),
        ("ana@fjord.example and a@Ana", []),
        ("@ Ana, @@Ana, @", []),
        ("@Li @Li\n@Ana", [4, 1, 6]),
        ("", []),
    ],
)
def test_who_is_meant(words: str, ids: list[int]) -> None:
    assert mentioned(words, PEOPLE) == ids


@given(st.text(), st.lists(st.tuples(st.integers(1, 9), st.text(max_size=5))))
def test_any_words_and_names_are_taken(words: str, people: list[tuple[int, str]]) -> None:
    found = mentioned(words, people)
    assert set(found) <= {id for id, _ in people}
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", ["Ana", "Ö Ä", "李雷", "O'Brien", "a.b"])
def test_every_name_is_found_again(name: str) -> None:
    assert mentioned(f"see @{name}!", [(1, name), (2, "Zoe")]) == [1]


def told(world: World, handoff: Handoff, body: str, by: str = "ana", **given: bool) -> dict[str, str]:
    actions.note(handoff, by=getattr(world, by), at=world.later(minutes=1), body=body, **given)
    event = Event.objects.of(handoff.pk).filter(verb=Verb.NOTE).select_related("by").last()
    assert event is not None
    fresh = Handoff.objects.select_related("workspace", "custodian").get(pk=handoff.pk)
    return {member.name: role for member, role in audience(event, fresh).items()}


def test_whoever_is_mentioned_is_told_and_those_who_were_told_before_still_are(world: World) -> None:
    handoff = world.handoff(State.ACCEPTED)
    assert told(world, handoff, "@Bo knows the client") == {"Bo": "mentioned", "Ben": "custodian"}
    assert told(world, handoff, "@Ben @Ana", by="max") == {"Ben": "mentioned", "Ana": "mentioned"}
    assert told(world, handoff, "Nobody in particular") == {"Ben": "custodian"}


def test_who_does_not_see_it_and_who_wrote_it_are_not_told(world: World) -> None:
    handoff = world.handoff(State.ACCEPTED)
    assert told(world, handoff, "@Nils @Ana @Cleo @Stan @Handrail") == {"Ben": "custodian"}


def test_an_internal_note_is_not_told_to_a_client_and_a_client_reaches_only_whom_they_know(world: World) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    assert "Carl" in told(world, handoff, "@Carl")
    assert "Carl" not in told(world, handoff, "@Carl again", internal=True)
    assert told(world, handoff, "@Max @Olga", by="cleo") == {"Max": "mentioned", "Ana": "custodian"}
