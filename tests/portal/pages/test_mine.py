"""One's own figures: one's own, whole, and for nobody else."""

import re

from handoffs import actions
from handoffs.keeping import catch_up
from handoffs.lifecycle import State
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

EVER = "insight/mine/?weeks=all"
FIGURE = re.compile(r'<h3>([^<]+)</h3><p class="figure-value">([^<]+)</p>')


def told(page: str) -> list[dict[str, str]]:
    """Of each side its figures by name."""
    sides = page.split(">You handed over</h2>")
    return [dict(FIGURE.findall(side)) for side in sides]


def done(world: World) -> None:
    """Ana offers to Ben, who takes an hour; to Bo, who returns it; to Ben again, who does not answer."""
    world.later(hours=2)
    first = actions.draft(world.projects, by=world.ana, at=world.now, title="One")
    first = actions.offer(first, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    first = actions.accept(first, by=world.ben, at=world.later(hours=1))
    actions.complete(first, by=world.ben, at=world.later(hours=2))
    second = actions.draft(world.projects, by=world.ana, at=world.now, title="Two")
    second = actions.offer(second, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    actions.return_(second, by=world.bo, at=world.later(minutes=30), reason="Not ours")
    world.handoff(State.OFFERED, title="Three")
    for _ in catch_up(world.organization.id, world.now):
        pass


def test_each_side_is_told_as_it_was(world: World, visit: Visit) -> None:
    done(world)
    took, gave = told(visit("ben").read(EVER))
    assert (took["Offers"], took["Half accepted within"], took["Half in hand for"]) == ("1", "1.0 h", "2.0 h")
    assert (took["Answered in time"], took["Clean at first sight"]) == ("100 %", "100 %")
    assert gave == {}
    took, gave = told(visit("ana").read(EVER))
    assert took == {}
    assert (gave["Offers"], gave["Came back"], gave["Clean at first sight"]) == ("3", "50 %", "50 %")
    assert "85 % within over " in visit("ana").read(EVER), "what is open counts as well"


def test_what_is_drawn_is_what_the_table_says(world: World, visit: Visit) -> None:
    done(world)
    page = visit("ana").read(EVER)
    assert len(re.findall(r'<rect class="chart-column"', page)) == 1
    assert re.search(r"<tr><th scope=\"row\">16 Nov</th><td>3</td></tr>", page)


def test_nobody_sees_anybody_else(world: World, visit: Visit) -> None:
    done(world)
    for name in ("max", "olga", "vic", "nils", "cleo"):
        page = visit(name).read(EVER)
        assert page.count("Nothing in these weeks.") == 2, name
    assert visit("stan").get("insight/mine/").status_code == 404
    assert visit("ana").post("insight/mine/").status_code == 405
    assert 'href="/o/fjord/insight/mine/"' in visit("ana").read("insight/?weeks=all")


def test_the_queries_are_counted(world: World, visit: Visit) -> None:
    done(world)
    ana = visit("ana")
    ana.get(EVER)
    with pinned("insight_mine"):
        ana.get(EVER)
