"""That a ladder ends at a person: on its page, in the list, and proved anew by a button."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.actions.templates import prove_due
from handoffs.models import Ladder, Proof
from tenants.actions import add_absence
from tenants.models import Member
from tests.pinned import pinned
from tests.portal.admin.conftest import Visit, Visitor
from tests.world import World

LIST = "handoffs/ladder/"
SOUND = "Ends at a person at every hour of the next 30 days."


@pytest.fixture
def standard(world: World) -> Ladder:
    """The organization's standard ladder."""
    return Ladder.objects.get(organization=world.organization, is_standard=True)


def page(ladder: Ladder) -> str:
    return f"{LIST}{ladder.pk}/change/"


def button(ladder: Ladder) -> str:
    return f"{LIST}{ladder.pk}/prove/"


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def all_away(world: World) -> None:
    """Onboarding is away for a fortnight."""
    start = timezone.now()
    for name in ("ben", "bo", "lea"):
        member = getattr(world, name)
        add_absence(member=member, starts_at=start, ends_at=start + timedelta(days=14), by=world.olga, at=world.now)


def test_before_the_first_proof_it_says_so(world: World, olga: Visitor, standard: Ladder) -> None:
    for path in (LIST, page(standard)):
        assert "Not proved yet" in text(olga.get(path))


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_it_is_proved_at_once(world: World, chief: Member, visit: Visit, standard: Ladder, name: str) -> None:
    browser = visit(name)
    asked = text(browser.get(button(standard)))
    assert "Prove Standard" in asked
    assert not Proof.objects.exists()
    answer = browser.post(button(standard))
    assert answer["Location"] == f"/o/fjord/admin/{page(standard)}"
    shown = text(browser.get(page(standard)))
    assert "Standard was proved: no gaps." in shown
    assert SOUND in shown
    assert f"Proved {timezone.localtime(Proof.objects.get().proved_at):%-d %B %Y}" in shown
    assert SOUND in text(browser.get(LIST))


def test_a_gap_is_told_with_its_reason(world: World, olga: Visitor, standard: Ladder) -> None:
    all_away(world)
    olga.post(button(standard))
    first = text(olga.get(page(standard)))
    assert "Standard was proved: 1 gap." in first
    assert '<ul class="findings"><li>Rung 1 reaches nobody' in first
    for shown in (first, text(olga.get(LIST))):
        assert "1 gap" in shown
        assert "Rung 1 reaches nobody for Onboarding in Northwind, and Onboarding in Projects from" in shown
        assert "because Ben, Bo and Lea are away until" in shown
        assert SOUND not in shown


def test_twice_keeps_the_later_one(world: World, olga: Visitor, standard: Ladder) -> None:
    olga.post(button(standard))
    all_away(world)
    assert olga.post(button(standard)).status_code == 302
    assert Proof.objects.get().faults == 1


@pytest.mark.parametrize(
    ("name", "reads", "proves"),
    [
        ("lea", 200, 403),
        ("mo", 200, 403),
        ("ana", 403, 403),
        ("vic", 403, 403),
        ("cleo", 404, 404),
        ("stan", 404, 404),
        ("nobody", 302, 302),
    ],
)
def test_leads_and_managers_read_it_and_nobody_else(
    world: World, visit: Visit, standard: Ladder, name: str, reads: int, proves: int
) -> None:
    prove_due(world.organization.id, timezone.now())
    browser = visit(name)
    answer = browser.get(page(standard))
    assert (answer.status_code, browser.post(button(standard)).status_code) == (reads, proves)
    assert browser.get(button(standard)).status_code == proves
    assert (SOUND in text(answer)) == (reads == 200)
    assert f"/{standard.pk}/prove/" not in text(answer)


def test_other_methods_prove_nothing(world: World, olga: Visitor, standard: Ladder) -> None:
    for method in ("get", "head", "put", "delete", "patch"):
        answer = getattr(olga.client, method)(olga.home + button(standard))
        assert answer.status_code in (200, 405)
    assert not Proof.objects.exists()


def test_a_ladder_that_is_not_there(world: World, olga: Visitor) -> None:
    for pk in ("999999999", "x", "%00"):
        assert olga.post(f"{LIST}{pk}/prove/").status_code in (400, 404)


def test_a_proof_that_is_late_promises_nothing(world: World, olga: Visitor, standard: Ladder) -> None:
    prove_due(world.organization.id, timezone.now() - timedelta(days=3))
    for path in (LIST, page(standard)):
        assert "Not proved since" in text(olga.get(path))
        assert SOUND not in text(olga.get(path))


def test_names_are_told_as_they_are_written(world: World, olga: Visitor, standard: Ladder) -> None:
    Member.objects.filter(pk=world.ben.pk).update(name="<b>Ben</b>")
    all_away(world)
    olga.post(button(standard))
    for path in (LIST, page(standard)):
        shown = text(olga.get(path))
        assert "because &lt;b&gt;Ben&lt;/b&gt;, Bo and Lea" in shown
        assert "<b>Ben" not in shown


def test_an_older_revision_says_that_another_counts(world: World, olga: Visitor, standard: Ladder) -> None:
    olga.post(page(standard), {**olga.form(page(standard)), "rungs-0-when": "10 %"})
    assert "Not proved: only the newest revision is" in text(olga.get(page(standard)))


def test_the_page_of_a_ladder_with_many_findings_costs_the_same(world: World, olga: Visitor, standard: Ladder) -> None:
    olga.post(button(standard))
    olga.get(page(standard))
    with pinned("admin_ladder_page"):
        olga.get(page(standard))
    all_away(world)
    olga.post(button(standard))
    olga.get(page(standard))
    with pinned("admin_ladder_page"):
        olga.get(page(standard))
