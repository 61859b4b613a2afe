"""Insight: two numbers that follow from what happened, lanes with what they cost, and nothing of anybody else's."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest

from handoffs import actions, keeping
from handoffs.insight.log.as_csv import harmless
from handoffs.lifecycle import State
from tenants.models import Team
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

EVER = "?weeks=all"


def kept(world: World) -> None:
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass


def lane(world: World, from_team: str, to_team: str) -> str:
    return f"insight/lanes/{world.team(from_team).id}-{world.team(to_team).id}/"


@pytest.fixture
def told(world: World) -> World:
    """Inside the hours: an hour offered, an hour waiting to start, two hours of work; and another that came back."""
    world.later(hours=2)
    handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="Contract")
    handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    handoff = actions.start(handoff, by=world.ben, at=world.later(hours=1))
    actions.complete(handoff, by=world.ben, at=world.later(hours=2))
    second = actions.draft(world.projects, by=world.ana, at=world.now, title="Another")
    second = actions.offer(second, by=world.ana, at=world.now, to_team=world.team("Support"))
    second = actions.return_(second, by=world.sue, at=world.now, reason="No list", reason_code="missing_information")
    actions.cancel(second, by=world.ana, at=world.now, reason="Not needed")
    kept(world)
    return world


def columns(page: str) -> list[float]:
    return [float(height) for height in re.findall(r'<rect class="chart-column"[^>]* height="([\d.]+)"', page)]


def test_the_two_numbers_follow_from_what_happened(told: World, visit: Visit) -> None:
    page = visit("olga").read(f"insight/{EVER}")
    values = re.findall(r'<p class="figure-value">([^<]+)</p>', page)
    assert values[:2] == ["50 %", "50 %"]  # two hours between hands, two of work
    assert "Sales → Onboarding" in page
    assert "costs most: 2.0 h between hands, 100 % of all there is" in page
    cells = re.search(r"Sales → Support</a>.*?</tr>", page, re.DOTALL)
    assert cells is not None
    assert re.findall(r"<td>([^<]+)</td>", cells[0]) == ["1", "0 m", "–", "–", "100 %", "100 %"]


def test_what_is_drawn_is_what_the_table_says(told: World, visit: Visit) -> None:
    page = visit("olga").read(f"insight/{EVER}")
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+" width="([\d.]+)" height="24"', page)]
    assert widths == [250, 250, 500]
    shares = re.findall(r"<td>[^<]+</td><td>(\d+) %</td>", page)
    assert [int(share) * 10 for share in shares if int(share) in (25, 50)] == widths
    (week,) = columns(page)
    assert week == pytest.approx((190 - 26 - 12) / 2)


def test_who_hands_to_whom_is_drawn_beside_the_table(told: World, visit: Visit) -> None:
    page = visit("olga").read(f"insight/{EVER}")
    drawn = page[page.index('<svg class="network"') : page.index("</svg>", page.index('<svg class="network"'))]
    assert set(re.findall(r"<title>([^:]+): (\d+) offered", drawn)) == {
        ("Sales → Onboarding", "1"),
        ("Sales → Support", "1"),
    }
    assert set(re.findall(r"<text[^>]*>([^<]+)</text>", drawn)) == {"Sales", "Onboarding", "Support"}
    assert "network" not in visit("vic").read(f"insight/{EVER}&to_team={told.team('Support').id}")


def test_a_lane_says_how_long_and_why_it_came_back(told: World, visit: Visit) -> None:
    olga = visit("olga")
    page = olga.read(lane(told, "Sales", "Onboarding") + EVER)
    accept = re.search(r"Time to accept</th>(.*?)</tr>", page)
    assert accept is not None
    assert re.findall(r"<td>([^<]+)</td>", accept[1]) == ["1.0 h"] * 6
    assert [height for height in columns(page) if height] == [190 - 26 - 12] * 2  # one came, one was taken
    page = olga.read(lane(told, "Sales", "Support") + EVER)
    assert "Something is missing" in page
    assert "1 of 1" in page


def test_what_is_open_is_listed_by_how_long_it_waits(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED, title="Waits since Monday")
    kept(world)
    page = visit("olga").read(lane(world, "Sales", "Onboarding") + EVER)
    assert f"{handoff.reference} Waits since Monday" in page
    assert page.count('<circle class="chart-point"') == 1


def test_everybody_counts_what_they_may_see(told: World, visit: Visit) -> None:
    theirs = actions.draft(told.northwind, by=told.ana, at=told.now, title="For the client")
    actions.offer(theirs, by=told.ana, at=told.now, to_team=told.team("Northwind"))
    kept(told)
    for name, shown in {
        "olga": {"Onboarding", "Support", "Northwind"},
        "ben": {"Onboarding", "Support", "Northwind"},
        "vic": {"Onboarding", "Support"},
        "cleo": {"Northwind"},
        "nils": set(),
    }.items():
        page = visit(name).read(f"insight/{EVER}")
        assert {to for to in ("Onboarding", "Support", "Northwind") if f"→ {to}" in page} == shown, name


def test_both_sides_see_whose_turn_it_was(told: World, visit: Visit) -> None:
    """Ana's offer waits an hour for the client; what the client asks waits half an hour for Ana."""
    assert "Whose turn it was" not in visit("olga").read(f"insight/{EVER}")  # there is one side only
    theirs = actions.draft(told.northwind, by=told.ana, at=told.now, title="For the client")
    theirs = actions.offer(theirs, by=told.ana, at=told.now, to_team=told.team("Northwind"))
    theirs = actions.ask(theirs, by=told.cleo, at=told.later(minutes=60), body="Which form?")
    question = theirs.questions.get()
    theirs = actions.answer(theirs, by=told.ana, at=told.later(minutes=30), question=question.id, body="The new one")
    theirs = actions.accept(theirs, by=told.cleo, at=told.now)
    actions.start(theirs, by=told.cleo, at=told.now)
    kept(told)
    for name in ("cleo", "olga"):
        page = visit(name).read(f"insight/{EVER}&workspace={told.northwind.id}")
        sides = page[page.index("Whose turn it was") : page.index("</table>", page.index("Whose turn it was"))]
        assert re.findall(r"</svg>([^<]+)</th><td>([^<]+)</td><td>([^<]+)</td>", sides) == [
            ("Northwind", "1.0 h", "67 %"),
            ("Fjord", "30 m", "33 %"),
        ]
        pieces = re.findall(r'<rect x="[\d.]+" width="([\d.]+)" height="24" data-phase="(?:offered|waiting)"', sides)
        assert [float(width) for width in pieces] == pytest.approx([666.7, 333.3], abs=0.1)


def test_a_client_is_not_told_what_teams_there_are(told: World, visit: Visit) -> None:
    cleo = visit("cleo")
    assert cleo.get(lane(told, "Sales", "Onboarding") + EVER).status_code == 404
    page = cleo.read(f"insight/{EVER}")
    assert "filter-to_team" not in page
    assert "filter-template" not in page


@pytest.mark.parametrize("path", ["0-0", "1", "x-y", "99999999-1", "-1-2", "1-2-3", "9999999999999999999999-1"])
def test_a_lane_that_is_none_is_404(path: str, world: World, visit: Visit) -> None:
    assert visit("olga").get(f"insight/lanes/{path}/").status_code == 404


def test_what_nobody_could_have_chosen_is_not_asked_for(told: World, visit: Visit) -> None:
    page = visit("olga").read("insight/?weeks=999&workspace=%00&template=-1&flow=x&from_team=99999999999999999999&by=z")
    assert "Insight" in page
    assert "Nothing was offered there" in visit("olga").read(f"insight/{EVER}&template=999999")


def test_the_table_is_taken_along_and_runs_nothing(told: World, visit: Visit) -> None:
    its_lane = lane(told, "Sales", "Onboarding")
    Team.objects.filter(id=told.team("Onboarding").id).update(name="=cmd|' /C calc'!A0")
    Team.objects.filter(id=told.team("Sales").id).update(name="=Sales")
    answer = visit("olga").get(f"insight/{EVER}&sheet=lanes.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="lanes.csv"'
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["'=Sales → =cmd|' /C calc'!A0", "1", "2.0"]
    assert [harmless(text) for text in ("+1", "@x", "-1", "\tx", "a=b", -1, None)] == [
        *("'+1", "'@x", "'-1", "'\tx", "a=b", -1, "")
    ]
    weeks = visit("olga").get(its_lane + f"{EVER}&sheet=weeks.csv")
    assert list(csv.reader(StringIO(weeks.content.decode("utf-8-sig"))))[1][1:] == ["1", "1"]


def test_what_goes_on_counts_while_nobody_writes(world: World, visit: Visit) -> None:
    """The page is read long after the figures were kept: the wait has grown by itself."""
    world.handoff(State.OFFERED)
    kept(world)
    world.later(hours=1)
    page = visit("olga").read(f"insight/{EVER}")
    match = re.search(r"costs most: ([\d,.]+) h between hands", page)
    assert match is not None
    assert float(match[1].replace(",", "")) * timedelta(hours=1) > timedelta(hours=24)


def test_the_queries_are_counted(told: World, visit: Visit) -> None:
    olga = visit("olga")
    for path, name in (
        (f"insight/{EVER}", "insight_page"),
        (lane(told, "Sales", "Onboarding") + EVER, "insight_lane_page"),
    ):
        olga.get(path)
        with pinned(name):
            olga.get(path)
