"""The home of a client: what waits for whom, what is done, which documents there are; nothing internal."""

import re

from django.core.files.base import ContentFile

from handoffs import actions
from handoffs.models import Handoff
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

PART = re.compile(
    r'<h2 id="part-\d">([^<]+)</h2><span class="card-aside">(\d+\+?)</span></div>(.*?)</section>', re.DOTALL
)


def offered(world: World, title: str, to: str = "Northwind") -> Handoff:
    giver = world.ana if to == "Northwind" else world.cleo
    made = actions.draft(world.northwind, by=giver, at=world.now, title=title)
    return actions.offer(made, by=giver, at=world.later(minutes=5), to_team=world.team(to))


def parts(page: str) -> dict[str, tuple[str, set[str]]]:
    """Of each part how many it counts, and which titles it shows."""
    titles = ("For them", "Taken by them", "For us", "Taken by us", "Over")
    return {name: (count, {title for title in titles if title in rows}) for name, count, rows in PART.findall(page)}


def everything(world: World) -> str:
    offered(world, "For them")
    actions.accept(offered(world, "Taken by them"), by=world.cleo, at=world.later(minutes=5))
    offered(world, "For us", "Onboarding")
    actions.accept(offered(world, "Taken by us", "Onboarding"), by=world.ben, at=world.later(minutes=5))
    over = actions.accept(offered(world, "Over"), by=world.carl, at=world.later(minutes=5))
    actions.complete(over, by=world.carl, at=world.later(minutes=5))
    return f"workspaces/{world.northwind.id}/"


def test_each_side_sees_its_own_first(world: World, visit: Visit) -> None:
    path = everything(world)
    theirs, ours = {"For them", "Taken by them"}, {"For us", "Taken by us"}
    assert parts(visit("carl").read(path)) == {
        "Waits for us": ("2", theirs),
        "Waits for Fjord": ("2", ours),
        "Done": ("1", {"Over"}),
    }
    assert parts(visit("ana").read(path)) == {
        "Waits for us": ("2", ours),
        "Waits for Northwind": ("2", theirs),
        "Done": ("1", {"Over"}),
    }


def test_whoever_has_the_ball_is_who_must_act_next(world: World, visit: Visit) -> None:
    """Given back it is ours again; passed on by them it waits for its receiver."""
    back = offered(world, "For us")
    actions.return_(back, by=world.cleo, at=world.later(minutes=5), reason="Not ours")
    on = actions.accept(offered(world, "Taken by us"), by=world.cleo, at=world.later(minutes=5))
    actions.pass_on(on, by=world.cleo, at=world.later(minutes=5), to_team=world.team("Onboarding"))
    told = parts(visit("cleo").read(f"workspaces/{world.northwind.id}/"))
    assert told["Waits for Fjord"][1] == {"For us", "Taken by us"}
    assert told["Waits for us"] == ("0", set())


def test_the_documents_are_the_newest_ones_and_none_internal(world: World, visit: Visit) -> None:
    handoff = offered(world, "For them")
    for name, words, internal in (("plan.pdf", b"1", False), ("plan.pdf", b"2", False), ("margin.pdf", b"3", True)):
        file = ContentFile(b"%PDF-1.7\n" + words, name=name)
        actions.attach(handoff, by=world.ana, at=world.later(minutes=1), file=file, name=name, internal=internal)
    path = f"workspaces/{world.northwind.id}/"
    page = visit("cleo").read(path)
    assert page.count(">plan.pdf<") == 1
    assert "margin.pdf" not in page
    assert "margin.pdf" in visit("ana").read(path)
    (address,) = re.findall(r'href="(/o/fjord/handoffs/[^"]+/documents/[^"]+)"', page)
    assert b"".join(visit("cleo").client.get(address).streaming_content) == b"%PDF-1.7\n2"


def test_the_whole_list_is_one_choice_away(world: World, visit: Visit) -> None:
    path = everything(world)
    page = visit("cleo").read(path, state="")
    assert all(title in page for title in ("For them", "Taken by us", "Over"))
    assert "Waits for us" not in page
    page = visit("cleo").read(path, state="completed")
    assert "Over" in page
    assert "For them" not in page


def test_nothing_yet_says_so_and_strangers_find_nothing(world: World, visit: Visit) -> None:
    path = f"workspaces/{world.northwind.id}/"
    page = visit("cleo").read(path)
    assert "Nothing waits for us." in page
    assert "Newest documents" not in page
    for name in ("nils", "vic", "stan"):
        assert visit(name).get(path).status_code == 404
    assert visit("cleo").post(path).status_code == 405


def test_more_handoffs_cost_no_more_queries(world: World, visit: Visit) -> None:
    path, cleo = everything(world), visit("cleo")
    cleo.get(path)
    with pinned("client_home"):
        cleo.get(path)
    for n in range(12):
        offered(world, f"For them {n}")
    with pinned("client_home_full"):
        cleo.get(path)
