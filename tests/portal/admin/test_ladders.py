"""Ladders in the admin: in words, and changed by the next revision."""

from datetime import timedelta
from decimal import Decimal

import pytest

from handoffs.models import Ladder, Rung
from tenants.models import Member
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled, one_more
from tests.world import World

LIST = "handoffs/ladder/"


def page(ladder: Ladder) -> str:
    return f"{LIST}{ladder.pk}/change/"


@pytest.fixture
def standard(world: World) -> Ladder:
    """The organization's standard ladder."""
    return Ladder.objects.get(organization=world.organization, is_standard=True)


def told(ladder: Ladder) -> list[tuple[Decimal | timedelta | None, list[str], bool, bool]]:
    rungs = Rung.objects.filter(ladder=ladder).order_by("position")
    return [
        (rung.share if rung.share is not None else rung.offset, rung.audience, rung.redirects, rung.raises_priority)
        for rung in rungs
    ]


def test_the_list_tells_every_rung(world: World, olga: Visitor) -> None:
    text = olga.get(LIST).content.decode()
    assert "50 %: tell the receivers." in text
    assert "200 %: tell the workspace&#x27;s managers; redirect to the backup team" in text


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_ladder_is_made(world: World, chief: Member, visit: Visit, name: str) -> None:
    browser = visit(name)
    form = {**browser.form(f"{LIST}add/"), "name": ["Urgent"]}
    form = one_more(form, "rungs", when="30 m before", audience=["receivers", "sender"], raises_priority="on")
    form = one_more(form, "rungs", when="1 h after", audience=["workspace_managers"], redirects="on")
    answer = browser.post(f"{LIST}add/", form)
    assert answer.status_code == 302
    made = Ladder.objects.get(organization=world.organization, name="Urgent")
    assert told(made) == [
        (timedelta(minutes=-30), ["receivers", "sender"], False, True),
        (timedelta(hours=1), ["workspace_managers"], True, False),
    ]
    assert not made.is_standard
    assert browser.form(page(made))["rungs-0-when"] == ["30 m before"]


def test_a_change_makes_the_next_revision(world: World, olga: Visitor, standard: Ladder) -> None:
    before = told(standard)
    form = olga.form(page(standard))
    form["rungs-0-when"], form["rungs-2-DELETE"] = ["25,5 %"], ["on"]
    answer = olga.post(page(standard), {**form, "_continue": ["1"]})
    second = Ladder.objects.get(organization=world.organization, name="Standard", revision=2)
    assert answer["Location"] == f"/o/fjord/admin/{page(second)}"
    assert told(standard) == before
    assert told(second) == [(Decimal("0.255"), *before[0][1:]), before[1]]
    standard.refresh_from_db()
    assert (standard.is_standard, second.is_standard) == (False, True)


def test_an_older_revision_can_only_be_read(world: World, olga: Visitor, standard: Ladder) -> None:
    form = olga.form(page(standard))
    olga.post(page(standard), {**form, "rungs-0-when": ["10 %"]})
    assert "rungs-0-when" not in filled(olga.get(page(standard)))
    assert olga.post(page(standard), form).status_code == 403
    assert Ladder.objects.filter(name="Standard").count() == 2
    assert page(standard) not in olga.get(LIST).content.decode()


def test_saving_without_a_change_makes_no_revision(world: World, olga: Visitor, standard: Ladder) -> None:
    assert olga.save(page(standard)).status_code == 302
    assert Ladder.objects.filter(name="Standard").count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rungs-0-when": "soon"}, "Write it like 50 %"),
        ({"rungs-0-when": ""}, "This field is required"),
        ({"rungs-0-when": "100000 %"}, "Write it like 50 %"),
        ({"rungs-0-audience": ["everybody"]}, "Select a valid choice"),
        ({"rungs-0-audience": []}, "Say whom this rung tells."),
        ({"rungs-2-audience": ["sender"]}, "The last rung must tell a role that is never empty"),
        ({f"rungs-{n}-DELETE": "on" for n in range(3)}, "A ladder needs at least one rung."),
    ],
)
def test_what_makes_no_sense_comes_back(
    world: World, olga: Visitor, standard: Ladder, given: dict[str, object], sentence: str
) -> None:
    answer = olga.save(page(standard), **given)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Ladder.objects.filter(name="Standard").count() == 1


def test_a_name_is_taken_once(world: World, olga: Visitor) -> None:
    form = {**olga.form(f"{LIST}add/"), "name": ["Standard"]}
    answer = olga.post(f"{LIST}add/", one_more(form, "rungs", when="50 %", audience=["custodian"]))
    assert answer.status_code == 200
    assert "There is already one of this name." in answer.content.decode()
