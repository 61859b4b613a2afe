"""API tokens: shown once, made by the one who acts with them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.actions import Founded, add_service, issue_token, leave, revoke_token
from tenants.arrival import by_key
from tenants.keys import hash_of
from tenants.models import Role, Token
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.scope import scope

from .cast import AT, login, welcome


def test_kept_as_a_hash(north: Founded) -> None:
    with scope(north.organization):
        token, key = issue_token(member=north.owner, name="reports", by=north.owner, at=AT)
        row = Token.objects.values().get()
    assert key.startswith(token.prefix)
    assert row["token_hash"] == hash_of(key)
    assert key not in map(str, row.values())


def test_who_makes_whose(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        robot = add_service(name="Robot", by=north.owner, at=AT)
        issue_token(member=ben, name="mine", by=ben, at=AT)
        issue_token(member=robot, name="its", by=north.owner, at=AT)
        for member, by, code in (
            (ben, north.owner, "not_your_token"),
            (north.owner, ben, "not_your_token"),
            (robot, ben, "not_an_admin"),
            (north.system_member, north.owner, "not_your_token"),
        ):
            with pytest.raises(Forbidden) as refused:
                issue_token(member=member, name="x", by=by, at=AT)
            assert refused.value.code == code
        with pytest.raises(Invalid):
            issue_token(member=ben, name="x", by=ben, at=AT, expires_at=AT)
        with pytest.raises(Invalid):
            issue_token(member=ben, name="", by=ben, at=AT)
        leave(member=ben, by=ben, at=AT)
        with pytest.raises(Conflict):
            issue_token(member=ben, name="x", by=ben, at=AT)


def test_expired_revoked_and_left_keys_are_unknown(north: Founded) -> None:
    ben = welcome(north, "Ben")
    day = timedelta(days=1)
    with scope(north.organization):
        token, key = issue_token(member=ben, name="mine", by=ben, at=AT, expires_at=AT + day)
        other, second = issue_token(member=ben, name="other", by=ben, at=AT)
    assert by_key(key, "north", AT) is not None
    assert by_key(key, "north", AT + day) is None
    with scope(north.organization):
        revoke_token(token=token, by=north.owner, at=AT)
        assert revoke_token(token=token, by=ben, at=AT + day).revoked_at == AT
        with pytest.raises(Forbidden):
            revoke_token(token=other, by=welcome(north, "Eve"), at=AT)
    assert by_key(key, "north", AT) is None
    assert by_key(second, "north", AT) is not None
    with scope(north.organization):
        leave(member=ben, by=ben, at=AT)
        Token.objects.filter(pk=other.pk).update(revoked_at=None)
    assert by_key(second, "north", AT) is None


def test_last_use_is_written_once_a_minute(north: Founded, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with scope(north.organization):
        token, key = issue_token(member=north.owner, name="t", by=north.owner, at=AT)
    for seconds, expected in ((0, 0), (59, 0), (60, 60), (61, 60)):
        by_key(key, "north", AT + timedelta(seconds=seconds))
        with scope(north.organization):
            token.refresh_from_db()
        assert token.last_used_at == AT + timedelta(seconds=expected)


def test_services_act_with_theirs(north: Founded) -> None:
    with scope(north.organization):
        robot = add_service(name="Robot", role=Role.VIEWER, by=north.owner, at=AT)
        _, key = issue_token(member=robot, name="t", by=north.owner, at=AT)
    arrival = by_key(key, "north", AT)
    assert arrival is not None
    assert arrival.member == robot


def test_the_command(north: Founded, south: Founded) -> None:
    printed = StringIO()
    call_command("token", "north", "Ana@people.example", name="script", stdout=printed)
    arrival = by_key(printed.getvalue().strip(), "north", AT)
    assert arrival is not None
    assert arrival.member == north.owner
    for slug, email in (("nowhere", "ana@people.example"), ("south", "ana@people.example"), ("north", "x@x.example")):
        with pytest.raises(CommandError):
            call_command("token", slug, email)
    assert login("Ana").members
