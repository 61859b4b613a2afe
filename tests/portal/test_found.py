"""`manage.py found`: a new organization from the command line, whole or not at all."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from handoffs.definition.kits import KITS
from handoffs.models import Ladder, TemplateVersion
from tenants.arrival import organization_at
from tenants.models import Member, Team, User
from tenants.scope import scope

pytestmark = pytest.mark.django_db


def founded(slug: str, **options: Any) -> str:
    out = StringIO()
    call_command("found", slug, **{"name": "Harbour", "owner": "Hanna@Harbour.example", **options}, stdout=out)
    return out.getvalue()


def test_it_is_ready_to_be_used_and_says_what_comes_next() -> None:
    told = founded("harbour", owner_name="Hanna", zone="Europe/Berlin", country="DE")
    organization = organization_at("harbour")
    assert organization is not None
    assert (organization.name, organization.zone, organization.is_demo) == ("Harbour", "Europe/Berlin", False)
    with scope(organization):
        owner = Member.objects.people().get(organization=organization)
        assert (owner.role, owner.name, owner.user and owner.user.email) == ("owner", "Hanna", "hanna@harbour.example")
        assert TemplateVersion.objects.current().count() == len(KITS)
        assert Ladder.objects.get(organization=organization).is_standard
        assert Team.objects.get(organization=organization).calendar.country == "DE"
    assert "/o/harbour/" in told
    assert "invite people, at http://localhost:8000/o/harbour/admin/" in told
    assert "changepassword hanna@harbour.example" in told


def test_somebody_known_owns_it_with_the_password_they_have() -> None:
    User.objects.create_user("hanna@harbour.example", "a password of their own")
    told = founded("harbour")
    assert User.objects.filter(email="hanna@harbour.example").count() == 1
    assert "sign in with your password" in told


@pytest.mark.parametrize(
    ("slug", "options", "sentence"),
    [
        ("fjord", {}, "fjord was not founded. This address is already taken."),
        ("Not A Slug", {}, "small letters, digits and single hyphens"),
        ("harbour", {"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ("harbour", {"owner": "hanna"}, "is not an e-mail address"),
    ],
)
def test_what_cannot_be_founded_is_told_and_leaves_nothing(slug: str, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        founded(slug, **options)
    assert organization_at("harbour") is None
    assert not User.objects.filter(email="hanna@harbour.example").exists()
