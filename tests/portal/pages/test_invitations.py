"""Inviting without the admin: who may, what goes into the mail, sent again, withdrawn."""

import pytest
from django.core import mail
from django.test import override_settings
from django_q.models import OrmQ

from portal import invitations
from tenants.actions import change_role, invite, leave, update_workspace
from tenants.models import Invitation, Role
from tenants.refusals import Forbidden
from tests.handoffs.delivery.mail_server import mail_server
from tests.handoffs.worker import queued, work_off
from tests.portal.letters import last_mail_to, mailed_key
from tests.portal.pages.conftest import Visit
from tests.world import World

PAGE = "settings/invitations/"
NEW = "new@fjord.example"


def opened(email: str = NEW) -> Invitation:
    return Invitation.objects.get(email=email, accepted_at=None, withdrawn_at=None)


def test_an_invitation_is_mailed_with_a_link_and_its_secret_is_nowhere_else(world: World, visit: Visit) -> None:
    olga = visit("olga")
    answer = olga.post(PAGE, email="New@fjord.example", role="member", team=world.team("Sales").pk)
    assert answer.status_code == 303
    assert "On its way" in olga.read(PAGE)
    assert "hi_" not in "".join(row.payload for row in OrmQ.objects.all())
    letter = last_mail_to(NEW)
    assert letter.subject == "Olga invites you to Fjord"
    key = mailed_key(NEW)
    assert key not in olga.read(PAGE)
    assert key not in opened().token_hash
    assert "Mail sent" in olga.read(PAGE)
    assert (opened().team, opened().role) == (world.team("Sales"), Role.MEMBER)


def test_sent_again_the_earlier_link_is_useless_and_the_place_the_same(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.post(PAGE, email=NEW, role="client", team=world.team("Northwind").pk, workspace=world.northwind.pk)
    first, key = opened(), mailed_key(NEW)
    assert olga.post(f"{PAGE}{first.pk}/again/").status_code == 303
    assert mailed_key(NEW) != key
    assert (opened().role, opened().team, opened().workspace) == (first.role, first.team, first.workspace)
    assert olga.client.get(f"/join/{key}/").status_code == 409
    assert olga.post(f"{PAGE}{first.pk}/again/").status_code == 404


def test_withdrawn_before_the_worker_came_no_mail_goes_out(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.post(PAGE, email=NEW, role="member")
    assert olga.post(f"{PAGE}{opened().pk}/withdraw/").status_code == 303
    work_off()
    assert not mail.outbox
    assert NEW not in olga.read(PAGE).split("Invite somebody")[0].split("withdrawn")[-1]


@pytest.mark.parametrize("name", ["ana", "vic", "mo", "lea", "cleo"])
def test_there_is_nothing_here_for_those_who_invite_nobody(name: str, world: World, visit: Visit) -> None:
    olga, who = visit("olga"), visit(name)
    olga.post(PAGE, email=NEW, role="member")
    for path in (PAGE, f"{PAGE}{opened().pk}/again/", f"{PAGE}{opened().pk}/withdraw/"):
        assert who.post(path, email="x@fjord.example", role="member").status_code == 404
    assert who.get(PAGE).status_code == 404
    assert "Invitations" not in who.read("settings/")
    assert opened().withdrawn_at is None


def test_another_organizations_owner_reaches_none_of_it(world: World, visit: Visit) -> None:
    visit("olga").post(PAGE, email=NEW, role="member")
    stan = visit("stan")
    stan.home = "/o/elsewhere/"
    assert stan.get(PAGE).status_code == 200
    assert NEW not in stan.read(PAGE)
    assert stan.post(f"{PAGE}{opened().pk}/withdraw/").status_code == 404


def test_looking_at_what_only_acts_is_405(world: World, visit: Visit) -> None:
    assert visit("olga").get(f"{PAGE}1/again/").status_code == 405
    assert visit("olga").get(f"{PAGE}1/withdraw/").status_code == 405


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"email": "ana@fjord.example"}, 409, "is a member already"),
        ({"email": "nobody"}, 422, "valid email"),
        ({"email": ""}, 422, "required"),
        ({"email": "a\x00b@fjord.example"}, 422, "ull characters"),
        ({"role": "emperor"}, 422, "Select a valid choice"),
        ({"team": "999999"}, 422, "Select a valid choice"),
        ({"role": "client", "team": "Sales"}, 409, "Clients are invited into clients"),
        ({"role": "client", "workspace": "Projects"}, 409, "Projects is internal"),
    ],
)
def test_what_makes_no_sense_comes_back(
    world: World, visit: Visit, given: dict[str, str], status: int, sentence: str
) -> None:
    rows = {"Sales": world.team("Sales").pk, "Projects": world.projects.pk}
    said = {"email": NEW, "role": "member"} | {name: rows.get(words, words) for name, words in given.items()}
    answer = visit("olga").post(PAGE, **said)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not OrmQ.objects.exists()


def test_an_admin_is_not_offered_to_make_owners(world: World, visit: Visit) -> None:
    change_role(member=world.nils, role=Role.ADMIN, by=world.olga, at=world.now)
    nils = visit("nils")
    assert 'value="owner"' not in nils.read(PAGE)
    assert nils.post(PAGE, email=NEW, role="owner").status_code == 422


def test_a_client_invites_a_colleague_where_that_is_allowed_and_nowhere_else(world: World, visit: Visit) -> None:
    words = {"name": "Northwind", "by": world.olga, "at": world.now}
    update_workspace(workspace=world.northwind, clients_invite=True, **words)
    visit("olga").post(PAGE, email="other@fjord.example", role="member")
    cleo = visit("cleo")
    page = cleo.read(PAGE)
    assert "Projects" not in page
    assert "other@fjord.example" not in page
    assert 'name="role"' not in page
    assert cleo.post(PAGE, email="dora@northwind.example", workspace=world.projects.pk).status_code == 422
    assert cleo.post(PAGE, email="dora@northwind.example").status_code == 422
    sent = {"email": "dora@northwind.example", "workspace": world.northwind.pk}
    assert cleo.post(PAGE, **sent, role="owner", team=world.team("Sales").pk).status_code == 303
    made = opened("dora@northwind.example")
    assert (made.role, made.team, made.workspace) == (Role.CLIENT, None, world.northwind)
    assert cleo.post(PAGE, email="other@fjord.example", workspace=world.northwind.pk).status_code == 409
    assert visit("carl").post(f"{PAGE}{made.pk}/withdraw/").status_code == 404
    update_workspace(workspace=world.northwind, clients_invite=False, **words)
    assert cleo.get(PAGE).status_code == 404


def test_an_internal_workspace_is_never_one_where_clients_invite(world: World) -> None:
    with pytest.raises(Exception, match="internal"):
        update_workspace(workspace=world.projects, name="Projects", clients_invite=True, by=world.olga, at=world.now)


def test_a_refused_address_is_told_where_the_invitation_stands(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.post(PAGE, email=NEW, role="member")
    with mail_server() as server:
        server.to_rcpt = "550 No such mailbox"
        work_off()
    page = olga.read(PAGE)
    assert "Not delivered" in page
    assert "550 No such mailbox" in page


def test_a_mail_server_that_is_away_is_tried_again(world: World, visit: Visit) -> None:
    visit("olga").post(PAGE, email=NEW, role="member")
    away = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 9}
    ((_, arguments),) = queued()
    with override_settings(**away), pytest.raises(OSError, match="refused"):
        invitations.mail(*arguments)
    assert "could not be reached" in opened().mail_failure
    assert mailed_key(NEW)
    assert (opened().mail_failure, opened().mailed_at is not None) == ("", True)


def test_a_leaver_invites_nobody(world: World) -> None:
    update_workspace(workspace=world.northwind, name="Northwind", clients_invite=True, by=world.olga, at=world.now)
    gone = leave(member=world.carl, by=world.olga, at=world.now)
    with pytest.raises(Forbidden):
        invite(email=NEW, role=Role.CLIENT, workspace=world.northwind, by=gone, at=world.now)
