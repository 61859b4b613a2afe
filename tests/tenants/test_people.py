"""Logins, and what of a member can act."""

import pytest
from django.db import IntegrityError, transaction

from tenants.actions import Founded, add_service
from tenants.models import Kind, Member, User
from tenants.scope import scope

from .cast import AT, login, welcome


@pytest.mark.django_db
def test_an_address_has_one_login_in_whatever_letters() -> None:
    user = User.objects.create_user(" Ana@People.Example ", "secret")
    assert user.email == "ana@people.example"
    assert User.objects.get(email="ANA@people.example") == user
    assert User.objects.get_by_natural_key("aNa@people.example") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANA@PEOPLE.EXAMPLE")
    mixed = User(email="Ben@People.Example")
    mixed.save()
    assert mixed.email == "ben@people.example"


@pytest.mark.django_db
def test_the_database_itself_compares_without_case() -> None:
    User.objects.create_user("ana@people.example")
    from django.db import connection

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into tenants_user (email, password, name, is_active, is_staff, is_superuser, date_joined) "
            "values ('ANA@people.example', '', '', true, false, false, now())"
        )


@pytest.mark.django_db
def test_a_login_without_password_or_address() -> None:
    assert not User.objects.create_user("ana@people.example").has_usable_password()
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_who_can_act(north: Founded) -> None:
    ben = welcome(north, "Ben")
    gone = welcome(north, "Gone")
    with scope(north.organization):
        service = add_service(name="Robot", by=north.owner, at=AT)
        Member.objects.filter(pk=gone.pk).update(left_at=AT)
        User.objects.filter(email=login("Ben").email).update(is_active=False)
        everyone = Member.objects.select_related("user")
        assert {member.name for member in everyone if member.is_able} == {"Ana", "Robot", "Handrail"}
        assert {member.name for member in Member.objects.able()} == {"Ana", "Robot", "Handrail"}
        assert service.kind == Kind.SERVICE
        assert not service.user.has_usable_password()  # type: ignore[union-attr]
        assert ben not in Member.objects.able()


def test_only_the_product_itself_has_no_login(north: Founded) -> None:
    with scope(north.organization):
        for kind, user in ((Kind.PERSON, None), (Kind.SERVICE, None), (Kind.SYSTEM, login("Ben"))):
            with pytest.raises(IntegrityError), transaction.atomic():
                Member.objects.create(organization=north.organization, kind=kind, user=user, name="X")
