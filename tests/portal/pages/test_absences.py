"""One's own absences on the settings page: recorded, cancelled, and nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs import actions
from tenants.actions import add_absence
from tenants.models import Absence
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

DAY = timedelta(days=1)
HOLIDAYS = {"starts_at": "2030-07-01T09:00", "ends_at": "2030-07-15T09:00"}


def recorded(visitor: Visitor, **given: str) -> Absence:
    answer = visitor.post("settings/absences/", **HOLIDAYS | given)
    assert answer.status_code == 303
    return Absence.objects.latest("id")


def test_an_absence_is_recorded_in_ones_own_zone(world: World, visit: Visit) -> None:
    world.ben.zone = "Europe/Berlin"
    world.ben.save(update_fields=["zone"])
    ben = visit("ben")
    absence = recorded(ben, substitute=str(world.bo.pk), remark="On the sea")
    assert absence.starts_at.isoformat() == "2030-07-01T07:00:00+00:00"
    assert (absence.member, absence.recorded_by, absence.substitute) == (world.ben, world.ben, world.bo)
    text = ben.read("settings/")
    for words in ("On the sea", "Bo", "1 Jul 2030 09:00"):
        assert words in text
    recorded(ben, substitute=str(world.bo.pk), remark="On the sea")  # twice is once
    assert Absence.objects.count() == 1


def test_an_absence_is_cancelled_and_twice_is_once(world: World, visit: Visit) -> None:
    ben = visit("ben")
    absence = recorded(ben)
    for _ in range(2):
        assert ben.post(f"settings/absences/{absence.pk}/cancel/").status_code == 303
    absence.refresh_from_db()
    assert absence.cancelled_by == world.ben
    assert "Jul 2030" not in ben.read("settings/")


def test_who_is_away_says_that_they_are_back(world: World, visit: Visit) -> None:
    ben, now = visit("ben"), timezone.now()
    recorded(ben, starts_at=f"{now - DAY:%Y-%m-%dT%H:%M}", ends_at=f"{now + DAY:%Y-%m-%dT%H:%M}")
    assert "I am back" in ben.read("settings/")
    ben.post(f"settings/absences/{Absence.objects.get().pk}/cancel/")
    assert not world.ben.is_away(timezone.now())


@pytest.mark.parametrize("name", ["bo", "lea", "olga", "vic", "stan"])
def test_another_persons_absence_is_not_there(world: World, visit: Visit, name: str) -> None:
    absence = recorded(visit("ben"), remark="Private")
    other = visit(name)
    assert other.post(f"settings/absences/{absence.pk}/cancel/").status_code == 404
    if name != "stan":
        assert "Private" not in other.read("settings/")
    absence.refresh_from_db()
    assert absence.cancelled_at is None


def test_what_is_over_is_not_cancelled(world: World, visit: Visit) -> None:
    absence = recorded(visit("ben"))
    past = timezone.now() - DAY
    Absence.objects.update(starts_at=past - DAY, ends_at=past)
    answer = visit("ben").post(f"settings/absences/{absence.pk}/cancel/")
    assert answer.status_code == 409
    assert "is over" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"starts_at": ""}, 422, "required"),
        ({"starts_at": "soon"}, 422, "valid date"),
        ({"ends_at": "2030-06-01T09:00"}, 422, "ends after it has begun"),
        ({"starts_at": "2020-01-01T09:00", "ends_at": "2020-01-02T09:00"}, 422, "over already"),
        ({"substitute": "nobody"}, 422, "Select a valid choice"),
        ({"remark": "\x00"}, 422, "Null characters"),
        ({"remark": "x" * 201}, 422, "at most 200"),
        ({"ends_at": "9999-12-31T23:59"}, 422, "at most five years"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    world: World, visit: Visit, given: dict[str, str], status: int, sentence: str
) -> None:
    answer = visit("ben").post("settings/absences/", **HOLIDAYS | given)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Absence.objects.exists()


def test_two_that_overlap_are_refused_in_words(world: World, visit: Visit) -> None:
    ben = visit("ben")
    recorded(ben)
    answer = ben.post("settings/absences/", starts_at="2030-07-10T09:00", ends_at="2030-07-20T09:00")
    assert answer.status_code == 409
    assert "change that absence instead" in answer.content.decode()


def test_one_chooses_among_those_near(world: World, visit: Visit) -> None:
    """Ben's team and the team behind it; for a client those of their own firm, and nobody of ours."""

    def choices(name: str) -> set[str]:
        field = visit(name).get("settings/").context["absence_form"].fields["substitute"]
        return {member.name for member in field.queryset}

    assert choices("ben") == {"Bo", "Lea", "Sam", "Sue"}
    assert choices("cleo") == {"Carl"}
    for stranger in (world.nils, world.cleo, world.vic, world.ben):
        answer = visit("ben").post("settings/absences/", **HOLIDAYS, substitute=str(stranger.pk))
        assert answer.status_code == 422


def test_the_sender_sees_who_is_away_and_is_told_who_stands_in(world: World, visit: Visit) -> None:
    now = timezone.now()
    add_absence(
        member=world.ben, starts_at=now, ends_at=now + 3 * DAY, substitute=world.bo, by=world.ben, at=now, words=""
    )
    made = actions.draft(world.projects, by=world.ana, at=now, title="For Ben")
    page, team = f"handoffs/{made.reference}/offer/", world.team("Onboarding").id
    assert "Ben (away until" in visit("ana").read(page)
    answer = visit("ana").post(page, receiver=f"{team}.{world.ben.id}", message="")
    assert answer.status_code == 409
    assert "Bo stands in: ask them instead." in answer.content.decode()
    assert visit("ana").post(page, receiver=f"{team}.{world.bo.id}", message="").status_code == 303
