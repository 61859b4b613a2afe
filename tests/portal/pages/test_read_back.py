"""Accepting with a read-back: what the receiver sees, what they are told, what stays when it differs."""

import pytest

from handoffs import actions
from handoffs.definition.read_back import Grade
from handoffs.lifecycle import State, Verb
from handoffs.models import Event, Question
from portal.pages.packet import COVERED
from tests.paying import FACTS, SAID, payment
from tests.portal.pages.conftest import Visit
from tests.world import World

SECRETS = ("4200", "1 December 2026", "2026-12-01", "Northwind Ltd")
FORM = {f"read_back-{key}": said for key, said in SAID.items()} | {"read_back-due": "2026-12-01"}


def test_a_full_read_back_hides_the_facts_until_they_are_restated(world: World, visit: Visit) -> None:
    handoff = payment(world)
    ben, path = visit("ben"), f"handoffs/{handoff.reference}/"
    for page in (ben.read(path), ben.read(f"{path}accept/")):
        assert not any(secret in page for secret in SECRETS)
    assert ben.read(path).count(COVERED) == len(FACTS)
    assert "A refund" in ben.read(path)
    assert "Northwind Ltd" in visit("ana").read(path)
    assert "Northwind Ltd" in visit("mo").read(path)
    answer = ben.post(f"{path}accept/", **FORM)
    assert answer.status_code == 303
    after = ben.client.get(answer["Location"]).content.decode()
    assert "Accepted. You answer for it now." in after
    assert "without seeing it" in after
    assert "Northwind Ltd" in after
    assert ben.post(f"{path}accept/", **FORM).status_code == 303
    assert Event.objects.of(handoff.pk).filter(verb=Verb.ACCEPT).count() == 1


def test_what_differs_is_asked_and_told(world: World, visit: Visit) -> None:
    handoff = payment(world)
    ben, path = visit("ben"), f"handoffs/{handoff.reference}/accept/"
    answer = ben.post(path, **{**FORM, "read_back-amount": "2,400.50"})
    assert (answer.status_code, answer["Location"][-10:]) == (303, "#questions")
    page = ben.client.get(answer["Location"]).content.decode()
    assert "“Amount” differs from what Ana wrote" in page
    assert "Accepted." not in page
    assert "I understood" in page
    assert not any(secret in page for secret in SECRETS)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.custodian) == (State.OFFERED, world.ana)
    assert Question.objects.get(handoff=handoff).asked_member == world.ana
    assert "I understood" in visit("ana").read(f"handoffs/{handoff.reference}/")


def test_what_is_left_out_is_asked_for_in_its_place_and_the_rest_is_kept(world: World, visit: Visit) -> None:
    handoff = payment(world)
    ben, path = visit("ben"), f"handoffs/{handoff.reference}/accept/"
    answer = ben.post(path, **{"read_back-payee": "northwind", "read_back-amount": "", "read_back-due": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what “Amount” is." in page
    assert 'value="northwind"' in page
    for wrong in ({}, {"read_back-payee": "a\x00"}, {"read_back-amount": "9" * 79}, {"read_back-due": "soon"}):
        assert ben.post(path, **wrong).status_code == 422
    assert not Question.objects.filter(handoff=handoff).exists()


def test_one_tap_shows_the_facts_and_the_button_confirms_them(world: World, visit: Visit) -> None:
    handoff = payment(world, Grade.ONE_TAP)
    ben, path = visit("ben"), f"handoffs/{handoff.reference}/"
    assert "Northwind Ltd" in ben.read(path)
    page = ben.read(f"{path}accept/")
    assert "I have read this and accept" in page
    assert "4200.50" in page
    assert "1 December 2026" in page
    assert ben.post(f"{path}accept/").status_code == 422
    answer = ben.post(f"{path}accept/", facts_read="True")
    assert answer.status_code == 303
    assert "that they had read this" in ben.client.get(answer["Location"]).content.decode()


def test_who_held_it_before_has_only_the_button(world: World, visit: Visit) -> None:
    handoff = actions.accept(payment(world), by=world.ben, at=world.later(minutes=1), read_back=SAID)
    actions.hand_back(handoff, by=world.ben, at=world.later(minutes=1), reason="Not ours")
    path = f"handoffs/{handoff.reference}/accept/"
    assert "read_back-" not in visit("ana").read(path)
    assert visit("ana").post(path).status_code == 303


@pytest.mark.parametrize(("name", "status"), [("vic", 403), ("max", 403), ("stan", 404), ("cleo", 404)])
def test_others_learn_nothing_from_the_form(world: World, visit: Visit, name: str, status: int) -> None:
    handoff = payment(world)
    path = f"handoffs/{handoff.reference}/accept/"
    assert visit(name).get(path).status_code == status
    assert visit(name).post(path, **FORM).status_code == status
    handoff.refresh_from_db()
    assert handoff.state == State.OFFERED


def test_clients_read_back_too(world: World, visit: Visit) -> None:
    handoff = payment(world, to="Northwind", workspace=world.northwind)
    cleo, path = visit("cleo"), f"handoffs/{handoff.reference}/"
    assert not any(secret in cleo.read(path) for secret in SECRETS)
    assert cleo.post(f"{path}accept/", **FORM).status_code == 303
    assert "Northwind Ltd" in cleo.read(path)
