"""Who else sees a handoff: told on its page, changed there by those who may, and by nobody else."""

import re

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.portal.pages.conftest import Visit
from tests.world import World


def card(page: str) -> str:
    """The part of the page about sharing; nothing where there is none."""
    found = re.search(r'<section class="card" id="sharing">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_shared_and_taken_back_by_plain_forms(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.STARTED)
    path, ben, nils = f"handoffs/{handoff.reference}/", visit("ben"), visit("nils")
    assert nils.get(path).status_code == 404
    shown = card(ben.read(path))
    assert "Everybody in Projects sees it; it is shared with nobody else." in shown
    assert f'href="/o/fjord/{path}share/"' in shown
    form = ben.read(f"{path}share/")
    assert f'<option value="member-{world.nils.pk}">Nils</option>' in form
    answer = ben.post(f"{path}share/", to=f"member-{world.nils.pk}")
    assert answer["Location"] == f"/o/fjord/{path}#sharing"
    shown = ben.read(path)
    assert "Stop sharing with Nils" in card(shown)
    assert "Ben shared this with Nils" in shown
    assert "Nils" in card(nils.read(path))
    assert "<form" not in card(nils.read(path))
    assert "Nils" not in ben.read(f"{path}share/").split('name="to"')[1].split("</select>")[0]
    key = re.search(r'name="to" value="([\w-]+)"', card(shown))
    assert key
    assert ben.post(f"{path}unshare/", to=key[1]).status_code == 303
    assert nils.get(path).status_code == 404
    assert "Ben stopped sharing this with Nils" in ben.read(path)


def test_with_a_team_by_a_manager_who_does_not_hold_it(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    answer = visit("mo").post(f"handoffs/{handoff.reference}/share/", to=f"team-{world.team('Elsewhere').pk}")
    assert answer.status_code == 303
    assert "Elsewhere" in card(visit("nils").read(f"handoffs/{handoff.reference}/"))


@pytest.mark.parametrize("name", ["bo", "vic"])
def test_others_see_it_and_are_refused_with_a_sentence(world: World, visit: Visit, name: str) -> None:
    handoff = world.handoff(at=State.STARTED)
    actions.share(handoff, by=world.ben, at=world.later(minutes=1), to=world.nils)
    somebody, path = visit(name), f"handoffs/{handoff.reference}/"
    assert "Nils" in card(somebody.read(path))
    assert "share/" not in card(somebody.read(path))
    for verb in ("share", "unshare"):
        for answer in (somebody.get(f"{path}{verb}/"), somebody.post(f"{path}{verb}/", to=f"member-{world.nils.pk}")):
            assert answer.status_code == 403
            assert "own custodian or workspace manager can" in answer.content.decode()
    assert visit("nils").get(path).status_code == 200


def test_a_client_is_told_of_nobody(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.ACCEPTED, workspace=world.northwind)
    actions.share(handoff, by=world.ben, at=world.later(minutes=1), to=world.nils)
    cleo, path = visit("cleo"), f"handoffs/{handoff.reference}/"
    page = cleo.read(path)
    assert card(page) == ""
    assert "Nils" not in page
    refused = cleo.get(f"{path}share/")
    assert refused.status_code == 403
    assert "Nils" not in refused.content.decode()
    assert cleo.post(f"{path}share/", to=f"member-{world.carl.pk}").status_code == 403


@pytest.mark.parametrize("key", ["", "member-", "member-x", "team-999999999", "user-1", "member-" + "9" * 40, "\x00"])
def test_nobody_is_somebody_else(world: World, visit: Visit, key: str) -> None:
    handoff = world.handoff()
    assert visit("ana").post(f"handoffs/{handoff.reference}/share/", to=key).status_code == 422


def test_nobody_of_another_organization(world: World, visit: Visit) -> None:
    from tenants.models import Member
    from tenants.scope import everyone

    with everyone():
        stan = Member.objects.get(user__email="stan@elsewhere.example")
    answer = visit("ana").post(f"handoffs/{world.handoff().reference}/share/", to=f"member-{stan.pk}")
    assert answer.status_code == 422
    assert "Stan" not in answer.content.decode()


def test_internal_work_is_not_shared_with_a_client(world: World, visit: Visit) -> None:
    handoff, ana = world.handoff(), visit("ana")
    path = f"handoffs/{handoff.reference}/share/"
    assert "Cleo" not in ana.read(path)
    answer = ana.post(path, to=f"member-{world.cleo.pk}")
    assert answer.status_code == 422
    assert "Projects is internal; clients cannot see it." in answer.content.decode()
    shared = world.handoff(workspace=world.northwind)
    assert "Cleo" in ana.read(f"handoffs/{shared.reference}/share/")


def test_work_that_has_ended_is_shared_by_a_manager(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.COMPLETED)
    assert visit("mo").post(f"handoffs/{handoff.reference}/share/", to=f"member-{world.nils.pk}").status_code == 303
    assert Handoff.objects.reachable_by(world.nils).filter(pk=handoff.pk).exists()
