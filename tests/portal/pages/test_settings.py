"""Settings: tokens are shown once, work, and stop working when revoked."""

import pytest
from django.test import Client

from tenants.models import Member, Token
from tests.portal.pages.conftest import Visit
from tests.world import World


def test_a_token_is_shown_once_and_acts_as_its_member(world: World, visit: Visit) -> None:
    ana = visit("ana")
    answer = ana.post("settings/", name="Reporting script", days="30")
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert key not in ana.read("settings/")
    token = Token.objects.get()
    assert (token.member, token.expires_at - token.created_at) == (world.ana, token.expires_at - token.created_at)
    assert (token.expires_at - token.created_at).days == 30
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get("/o/fjord/api/v1/handoffs/", headers=bearer).status_code == 200


def test_a_revoked_token_is_useless_and_revoking_twice_is_fine(world: World, visit: Visit) -> None:
    ana = visit("ana")
    key = ana.post("settings/", name="Script", days="0").context["key"]
    token = Token.objects.get()
    for _ in range(2):
        assert ana.post(f"settings/tokens/{token.id}/revoke/").status_code == 303
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get("/o/fjord/api/v1/handoffs/", headers=bearer).status_code == 401
    assert "revoked" in ana.read("settings/")


def test_another_persons_token_is_not_there(world: World, visit: Visit) -> None:
    visit("ana").post("settings/", name="Script", days="0")
    token = Token.objects.get()
    assert visit("ben").post(f"settings/tokens/{token.id}/revoke/").status_code == 404
    assert visit("olga").post(f"settings/tokens/{token.id}/revoke/").status_code == 404
    assert "Script" not in visit("ben").read("settings/")
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize(
    "given", [{}, {"name": ""}, {"name": "x" * 200}, {"name": "\x00"}, {"name": "a", "days": "-4"}]
)
def test_what_cannot_be_is_said_at_its_field(given: dict[str, str], world: World, visit: Visit) -> None:
    answer = visit("ana").post("settings/", **{"days": "0"} | given)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Token.objects.exists()


def test_one_says_how_one_is_called_and_where_one_reads_times(world: World, visit: Visit) -> None:
    ben, member = visit("ben"), world.ben
    for _ in range(2):
        assert ben.post("settings/you/", **{"you-name": "Benno", "you-zone": "Asia/Tokyo"}).status_code == 303
    found = Member.objects.get(pk=member.pk)
    assert (found.name, found.zone) == ("Benno", "Asia/Tokyo")
    for given in ({"you-name": ""}, {"you-name": "x" * 121}, {"you-name": "a\x00"}, {"you-zone": "Moon"}):
        answer = ben.post("settings/you/", **{"you-name": "Ben", "you-zone": ""} | given)
        assert answer.status_code == 422
    assert Member.objects.get(pk=member.pk).name == "Benno"
