"""From one organization into another, by the menu of whoever is signed in."""

from tenants.actions import invite, join, leave
from tenants.models import Member, Organization, User
from tenants.scope import everyone, scope
from tests.portal.pages.conftest import Visit
from tests.world import World


def elsewhere_too(world: World) -> Member:
    """Ben works for the other organization as well."""
    with everyone():
        other = Organization.objects.get(slug="elsewhere")
        stan = Member.objects.select_related("user", "organization").get(organization=other, name="Stan")
    with scope(other):
        _, key = invite(email="ben@fjord.example", by=stan, at=world.now)
    return join(raw_token=key, user=User.objects.get(email="ben@fjord.example"), at=world.now)


def test_who_is_at_home_in_two_goes_from_one_to_the_other(world: World, visit: Visit) -> None:
    there = elsewhere_too(world)
    ben = visit("ben")
    page = ben.read()
    assert 'href="/o/elsewhere/"' in page
    assert 'href="/o/fjord/"' not in page.split("Switch to")[1].split("My organizations")[0]
    ben.home = "/o/elsewhere/"
    assert 'href="/o/fjord/"' in ben.read().split("Switch to")[1]
    with scope(there.organization_id):
        leave(member=there, by=there, at=world.now)
    ben.home = "/o/fjord/"
    assert "Switch to" not in ben.read()


def test_who_is_at_home_in_one_sees_nothing_of_others(world: World, visit: Visit) -> None:
    elsewhere_too(world)
    assert "Switch to" not in visit("bo").read()
    assert "Switch to" not in visit("stan").client.get("/o/elsewhere/").content.decode()
