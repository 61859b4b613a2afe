"""Words are found as soon as they are written, by those who may read them, and by nobody else."""

import pytest

from handoffs import actions
from handoffs.actions.templates import create_template, publish, write
from handoffs.insight.finding import Wanted, narrowed
from handoffs.lifecycle import State
from handoffs.models import FieldDefinition, Handoff, Words
from handoffs.search import reading
from handoffs.search.reading import few, sought
from handoffs.search.writing import MOST
from tenants.models import Member, Organization
from tenants.scope import everyone, scope
from tests.handoffs.doing import who_is
from tests.world import World


def found(member: Member, text: str) -> list[int]:
    """Ids of what this member finds by these words among what they may see."""
    with narrowed(Handoff.objects.reachable_by(member), Wanted(text=text), member) as handoffs:
        return sorted(handoffs.values_list("id", flat=True))


def test_what_is_written_is_found_by_how_its_words_begin(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED, title="Müller & Söhne: Angebot-2026")
    for text in ("muller", "MÜLLER", "ange", "sohne angebot", "2026", str(handoff.number), handoff.reference.lower()):
        assert found(world.ana, text) == [handoff.id], text
    for text in ("moller", "angebot 2027", "gebot", "an", "…", "HO-1"):
        assert found(world.ana, text) == [], text


def test_everything_that_travels_has_its_words(world: World) -> None:
    handoff = world.handoff(at=State.STARTED)
    mine = {"by": who_is(world, "ben"), "at": world.now}
    actions.note(handoff, body="They call it Zephyr.", **mine)
    actions.link(handoff, url="https://wiki.example/tundra-plan", label="Where it began", **mine)
    actions.ask(handoff, body="Which quokka?", **mine)
    for text in ("zephyr", "tundra", "began", "quokka zephyr"):
        assert found(world.ana, text) == [handoff.id], text


def test_the_number_of_a_person_is_no_word(world: World) -> None:
    template = create_template(name="Escort", by=world.olga, at=world.now)
    parts = [FieldDefinition(key=key, label=key, type=kind) for key, kind in (("guide", "member"), ("seats", "number"))]
    write(version=template, parts=parts, by=world.olga, at=world.now)
    template = publish(version=template, by=world.olga, at=world.now)
    context = {"guide": 917_452, "seats": 31}
    handoff = world.handoff(template=template, context=context)
    assert (found(world.ana, "917452"), found(world.ana, "31")) == ([], [handoff.id])


def test_what_is_changed_is_found_by_its_new_words_alone(world: World) -> None:
    handoff = world.handoff(at=State.DRAFT, title="Lighthouse")
    actions.edit(handoff, by=world.ana, at=world.now, title="Windmill")
    assert (found(world.ana, "windmill"), found(world.ana, "lighthouse")) == ([handoff.id], [])


def test_a_client_does_not_find_by_what_is_internal(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED, to="Northwind", workspace=world.northwind)
    carl, ana = who_is(world, "carl"), world.ana
    actions.note(handoff, by=ana, at=world.now, body="Ask about the marmalade.")
    actions.note(handoff, by=ana, at=world.now, body="They pay too little for aubergines.", internal=True)
    assert found(carl, "marmalade") == found(ana, "marmalade") == found(ana, "aubergine marm") == [handoff.id]
    for text in ("aubergines", "~aubergines", "aubergines | marmalade", "!nothing", "marmalade aubergines"):
        assert found(carl, text) == [], text


def test_another_organization_finds_nothing(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED, title="Lighthouse")
    with everyone():
        elsewhere = Organization.objects.get(slug="elsewhere")
        stan = Member.objects.get(organization=elsewhere, name="Stan")
    with scope(elsewhere):
        assert found(stan, "lighthouse") == []
    with everyone(), sought(stan, "lighthouse"):
        assert few(stan) == []
        assert not Words.objects.filter(handoff=handoff).exists()


def test_what_is_common_is_found_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COMPLETE", 2)
    ids = [world.handoff(at=State.OFFERED, title=f"Lighthouse {nth}").id for nth in range(3)]
    assert found(world.ana, "lighthouse") == ids
    assert found(world.ana, "lighthouse 2") == [ids[2]]
    assert found(world.nils, "lighthouse") == []


def test_hostile_words_are_words(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED, title="O'Brien's \\ 'quote' :* & | ! ( <-> )")
    for text in ("o'brien", "'quote'", "\\", "':*", "& | !", "a" * 3000, "x " * 500, "\u2028", "½", "\0", "\ud800"):
        assert found(world.ana, text) in ([handoff.id], []), text
    assert found(world.ana, "o'brien quote") == [handoff.id]


def test_a_text_without_end_keeps_its_first_words(world: World) -> None:
    handoff = world.handoff(at=State.DRAFT, title="Long")
    words = " ".join(f"w{nth}" for nth in range(2 * MOST))
    actions.note(handoff, by=world.ana, at=world.now, body=words[:20_000])
    actions.note(handoff, by=world.ana, at=world.now, body=("ß" * 50 + " ") * 100)
    assert found(world.ana, "w17 long") == [handoff.id]
