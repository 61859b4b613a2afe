"""Another like it: what was written once begins the next one, as far as who begins it may read it."""

import pytest

from handoffs import actions
from handoffs.actions.templates import create_template, publish, revise, write
from handoffs.lifecycle import State
from handoffs.models import FieldDefinition, Handoff, Priority
from tests.paying import payment
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

VALUES = {"contract_value": "48000.50", "start_date": "2026-12-01", "promises": "A <b>phone</b> line", "margin": "Thin"}


@pytest.fixture
def done(world: World) -> Handoff:
    """A contract that was handed over with everything filled in."""
    handoff = actions.draft(
        world.northwind,
        by=world.ana,
        at=world.now,
        title="Northwind signed",
        summary="Two sites",
        priority=Priority.HIGH,
        template=world.template("sales_onboarding"),
        context=VALUES,
    )
    return handoff


def form_of(visitor: Visitor, handoff: Handoff) -> str:
    """The page on which one lands."""
    answer = visitor.get("handoffs/new/", like=handoff.reference)
    assert answer.status_code == 302, answer.status_code
    page = visitor.client.get(answer["Location"])
    assert page.status_code == 200
    return str(page.content.decode())


def test_it_begins_with_what_was_written_and_is_sent_as_its_own(done: Handoff, world: World, visit: Visit) -> None:
    ana = visit("ana")
    assert f'href="/o/fjord/handoffs/new/?like={done.reference}"' in ana.read(f"handoffs/{done.reference}/")
    page = form_of(ana, done)
    for words in ("Northwind signed", "Two sites", "48000.50", "2026-12-01", "A &lt;b&gt;phone&lt;/b&gt; line", "Thin"):
        assert words in page, words
    assert f"Begins like {done.reference}" in page
    address = ana.get("handoffs/new/", like=done.reference)["Location"]
    given = {f"context-{key}": value for key, value in VALUES.items()} | {"title": "Northwind, again", "priority": "20"}
    answer = ana.client.post(address, given | {"priority": str(int(Priority.HIGH))})
    assert answer.status_code == 303
    made = Handoff.objects.get(title="Northwind, again")
    assert made.context["promises"] == VALUES["promises"]
    assert (made.template_version, made.status) == (done.template_version, State.DRAFT)


def test_a_refusal_keeps_what_was_changed(done: Handoff, visit: Visit) -> None:
    ana = visit("ana")
    address = ana.get("handoffs/new/", like=done.reference)["Location"]
    answer = ana.client.post(address, {"title": "", "summary": "Three sites", "priority": str(int(Priority.HIGH))})
    assert answer.status_code == 422
    assert "Three sites" in answer.content.decode()
    assert "Two sites" not in answer.content.decode()


def test_what_is_no_longer_asked_is_named(done: Handoff, world: World, visit: Visit) -> None:
    version = revise(template=done.template_version.template, by=world.olga, at=world.now)
    parts = [FieldDefinition(side="sender", key="promises", label="Promises", type="long_text")]
    write(version=version, parts=parts, by=world.olga, at=world.now)
    publish(version=version, by=world.olga, at=world.now)
    page = form_of(visit("ana"), done)
    assert "A &lt;b&gt;phone" in page
    assert "No longer asked, and not taken along: Contract value a year, Start date, Margin notes." in page


def test_a_client_is_told_nothing_internal(world: World, visit: Visit) -> None:
    version = create_template(name="Change", for_clients=True, by=world.olga, at=world.now)
    parts = [
        FieldDefinition(side="sender", key="what", label="What", type="text"),
        FieldDefinition(side="sender", key="margin", label="Margin notes", type="text", internal=True),
    ]
    write(version=version, parts=parts, by=world.olga, at=world.now)
    version = publish(version=version, by=world.olga, at=world.now)
    given = {"what": "A new line", "margin": "Thin"}
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind, template=version, context=given)
    page = form_of(visit("cleo"), handoff)
    assert "A new line" in page
    assert "Thin" not in page
    assert "Margin" not in page
    assert "Thin" in form_of(visit("ana"), handoff)


def test_what_is_covered_stays_covered(world: World, visit: Visit) -> None:
    """A key fact that the receiver restates is not read off the form of another one."""
    handoff = payment(world)
    page = form_of(visit("ben"), handoff)
    assert "A refund" in page
    assert not any(secret in page for secret in ("4200", "2026-12-01", "Northwind Ltd"))
    assert "Northwind Ltd" in form_of(visit("ana"), handoff)


def test_without_a_template_it_is_so_again(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.COMPLETED, summary="By hand")
    assert "By hand" in form_of(visit("ana"), handoff)


def test_only_who_sees_it_and_may_send(done: Handoff, world: World, visit: Visit) -> None:
    for name in ("nils", "stan", "vic"):
        answer = visit(name).get("handoffs/new/", like=done.reference)
        assert answer.status_code in (403, 404), name
    for wrong in ("HO-999999", "x", "\x00", "9" * 90):
        assert visit("ana").get("handoffs/new/", like=wrong).status_code == 404
    mine = world.handoff(State.OFFERED)
    assert "?like=" not in visit("vic").read(f"handoffs/{mine.reference}/")
