"""What to ask for: the back-test says of every first offer what was there then, whatever was mended since."""

import pytest

from handoffs import actions, keeping
from handoffs.actions.templates import publish, revise, write
from handoffs.insight.figures.advice import Advice, advice
from handoffs.insight.figures.asked import Asked, Period
from handoffs.models import FieldDefinition, TemplateVersion
from handoffs.sides import Side
from tests.asking_for_more import CHECKED, PARTS, PLAN, ROOM, any_offers, give, offers, template
from tests.world import World


def told(world: World, version: TemplateVersion) -> dict[tuple[str, str], Advice]:
    ever = Period.of(world.now, world.organization.zone, None)
    asked = Asked(world.organization.pk, ever)
    return {(each.part, each.key): each for each in advice(version, asked)}


def counted(found: dict[tuple[str, str], Advice], part: tuple[str, str]) -> tuple[int, int, int, int]:
    each = found[part]
    return each.stopped, each.returns, each.delayed, each.good


@pytest.mark.parametrize("seed", [3, 17])
def test_it_agrees_with_what_was_noted_as_it_happened(seed: int, world: World) -> None:
    version = template(world)
    noted = any_offers(world, version, seed, 14)
    found = told(world, version)
    lacked = {part: noted.lacked(part) for part in PARTS}
    assert {part: counted(found, part) for part in found} == {part: each for part, each in lacked.items() if each[0]}


def test_what_is_clearly_more_often_missing_in_returns_is_worth_asking_for(world: World) -> None:
    version = template(world)
    lacking = [{ROOM, PLAN}, {ROOM}, {ROOM}, {PLAN}, {PLAN}, {PLAN}, set()]
    offers(world, version, lacking, [True, True, True, True, False, False, False])
    found = told(world, version)
    assert counted(found, ROOM) == (3, 4, 0, 3)
    assert found[ROOM].is_worth_it
    assert found[ROOM].reasons.most_common(1) == [("missing_information", 3)]
    assert not found[PLAN].is_worth_it  # of what was taken as it was, more lacked it
    assert CHECKED not in found  # it was never missing
    assert next(iter(found)) == ROOM  # the clearest first


def test_what_was_taken_out_after_the_offer_was_there(world: World) -> None:
    version = template(world)
    handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="Flat", template=version)
    for part in (ROOM, CHECKED):
        give(handoff, world, part)
    handoff.refresh_from_db()
    handoff = actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    handoff = actions.return_(handoff, by=world.ben, at=world.later(minutes=1), reason="No plan")
    actions.edit(handoff, by=world.ana, at=world.later(minutes=1), context={"room": ""})
    handoff.refresh_from_db()
    actions.tick(handoff, by=world.ana, at=world.later(minutes=1), item="checked", done=False)
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass
    assert set(told(world, version)) == {PLAN}


def test_offers_of_a_version_that_had_no_such_part_say_nothing_of_it(world: World) -> None:
    first = template(world)
    offers(world, first, [{PLAN}, {ROOM}], [True, False])
    second = revise(template=first.template, by=world.olga, at=world.now)
    keys = FieldDefinition(key="keys", label="Keys", type="text", side=Side.SENDER, position=9)
    write(version=second, parts=[keys], by=world.olga, at=world.now)
    second = publish(version=second, by=world.olga, at=world.now)
    assert told(world, second) == {}


def test_nothing_is_told_of_nothing(world: World) -> None:
    assert told(world, template(world)) == {}
