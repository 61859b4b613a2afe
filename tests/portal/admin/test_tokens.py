"""API tokens in the admin: issued to integrations, shown once, revoked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.actions import add_service, issue_token
from tenants.arrival import by_key
from tenants.models import Member, Token
from tests.portal.admin.conftest import Visit, Visitor
from tests.world import World

LIST = "tenants/token/"


@pytest.fixture
def service(world: World) -> Member:
    """An integration."""
    return add_service(name="Billing sync", by=world.olga, at=world.now)


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_token_is_issued_and_revoked(world: World, chief: Member, visit: Visit, service: Member, name: str) -> None:
    browser = visit(name)
    answer = browser.save(f"{LIST}add/", member=service.pk, name="Nightly")
    key = re.search(r"hr_[\w-]{43}", answer.content.decode())
    assert key is not None
    made = Token.objects.get(name="Nightly")
    assert made.member == service
    found = by_key(key[0], "fjord", timezone.now())
    assert found is not None
    assert found.member == service
    for address in (LIST, f"{LIST}{made.pk}/change/"):
        text = browser.get(address).content.decode()
        assert made.prefix in text
        assert key[0] not in text
        assert made.token_hash not in text

    assert browser.get(f"{LIST}{made.pk}/revoke/").status_code == 200
    assert by_key(key[0], "fjord", timezone.now()) is not None
    for _ in range(2):
        assert browser.post(f"{LIST}{made.pk}/revoke/").status_code == 302
    assert by_key(key[0], "fjord", timezone.now()) is None


def test_anybodys_token_is_revoked(world: World, olga: Visitor) -> None:
    made, _ = issue_token(member=world.ana, name="Ana's", by=world.ana, at=world.now)
    assert "Ana&#x27;s" in olga.get(LIST).content.decode()
    olga.post(f"{LIST}{made.pk}/revoke/")
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_nobody_makes_a_key_that_acts_as_somebody_else(world: World, olga: Visitor) -> None:
    for somebody in (world.ana, world.system):
        answer = olga.save(f"{LIST}add/", member=somebody.pk, name="Mine")
        assert "Select a valid choice" in answer.content.decode()
    assert not Token.objects.filter(name="Mine").exists()


def test_a_token_must_be_usable_for_some_time(world: World, olga: Visitor) -> None:
    past = timezone.now() - timedelta(days=1)
    given = {"expires_at_0": f"{past:%Y-%m-%d}", "expires_at_1": "10:00"}
    answer = olga.save(f"{LIST}add/", member=world.olga.pk, name="Mine", **given)
    assert "must be usable for some time" in answer.content.decode()


def test_a_token_never_changes(world: World, olga: Visitor) -> None:
    made, _ = issue_token(member=world.olga, name="Mine", by=world.olga, at=world.now)
    assert olga.post(f"{LIST}{made.pk}/change/", {"name": "Yours", "member": world.ana.pk}).status_code == 403
    # The hash cannot be felt for, a letter at a time.
    assert olga.get(LIST, token_hash__startswith=made.token_hash[:2]).status_code == 400
