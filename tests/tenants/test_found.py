"""Founding an organization."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tenants.access import Permission
from tenants.actions import Founded, found
from tenants.models import Kind, Member, Organization, Role, Workspace, WorkspaceTeamPermission
from tenants.refusals import Conflict, Invalid
from tenants.scope import current_organization_id, everyone, scope

from .cast import AT, login, settle


def test_it_begins_with_all_it_needs(north: Founded) -> None:
    with scope(north.organization):
        assert (north.owner.role, north.owner.name) == (Role.OWNER, "Ana")
        assert Member.objects.system(north.organization) == north.system_member
        assert (north.system_member.kind, north.system_member.name) == (Kind.SYSTEM, "Handrail")
        assert north.system_member.is_able
        assert (north.team.lead, north.team.calendar) == (north.owner, north.calendar)
        assert list(north.team.members) == [north.owner]
        assert north.workspace.kind == Workspace.Kind.INTERNAL
        granted = WorkspaceTeamPermission.objects.filter(group=north.team.group, content_object=north.workspace)
        assert set(granted.values_list("permission__codename", flat=True)) == {
            Permission.VIEW,
            Permission.SEND,
            Permission.RECEIVE,
        }
        north.calendar.full_clean()
    assert north.organization.created_at == AT
    assert current_organization_id() is None


def test_an_address_is_taken_once(north: Founded) -> None:
    with pytest.raises(Conflict) as refused:
        found(name="Other", slug="north", owner=login("Sam"), at=AT)
    assert refused.value.code == "slug_taken"
    with everyone():
        assert Organization.objects.get(slug="north").name == "North"
        assert not Organization.objects.filter(name="Other").exists()
        assert Member.objects.filter(user=login("Sam")).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", ["", "North", "nor th", "-north", "north-", "a--b", "nörth", "admin", "a" * 51, "no\nrth"]
)
def test_an_address_must_be_one(slug: str) -> None:
    with pytest.raises(Invalid) as refused:
        found(name="North", slug=slug, owner=login("Ana"), at=AT)
    assert list(refused.value.details["fields"]) == ["slug"]
    with everyone():
        assert not Organization.objects.filter(name="North").exists()
        assert not Member.objects.filter(user=login("Ana")).exists()


@pytest.mark.django_db
def test_zone_and_country_must_exist() -> None:
    with pytest.raises(Invalid):
        found(name="North", slug="north", owner=login("Ana"), at=AT, zone="Mars/Olympus")
    with pytest.raises(Invalid):
        found(name="North", slug="north", owner=login("Ana"), at=AT, country="XX")
    made = found(name="North", slug="north", owner=login("Ana"), at=AT, zone="Europe/Berlin", country="DE")
    assert (made.calendar.zone, made.calendar.country) == ("Europe/Berlin", "DE")


@pytest.mark.django_db
def test_the_clock_is_the_callers() -> None:
    long_ago = datetime(2001, 2, 3, tzinfo=UTC)
    made = found(name="Old", slug="old", owner=login("Ana"), at=long_ago)
    assert {made.organization.created_at, made.owner.joined_at, made.team.created_at} == {long_ago}
    assert timezone.now() > long_ago


def test_one_login_many_organizations(north: Founded) -> None:
    second = settle("Second", "Ana")
    assert second.owner.user == north.owner.user
    assert second.owner.pk != north.owner.pk
