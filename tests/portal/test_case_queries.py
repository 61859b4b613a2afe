"""How many queries the screens and addresses of cases take: pinned, and the same for 3 steps and for 12."""

from dataclasses import replace

import pytest

from handoffs.flows.plan import Link, Plan, Step
from handoffs.models import Case
from tests.onboarding import PLAN, install, intake_done, launched
from tests.pinned import pinned
from tests.portal.api.conftest import Call, call  # noqa: F401
from tests.portal.pages.conftest import Visit, visit  # noqa: F401
from tests.world import World

PAGES = {
    "cases_page": "cases/",
    "case_page": "cases/{reference}/",
    "board_page": "flows/{flow}/board/",
    "case_verb_page": "cases/{reference}/cancel/",
    "step_page": "handoffs/{papers}/",
    "launch_page": "cases/new/?flow={flow}&workspace={northwind}&internal_workspace={projects}",
}
ADDRESSES = {
    "api_cases": "cases/",
    "api_case": "cases/{reference}/",
    "api_case_timeline": "cases/{reference}/timeline/",
    "api_step": "handoffs/{papers}/",
    "api_flows": "flows/",
    "api_flow": "flows/{flow}/",
}


def grown(more: int) -> Plan:
    """The flow with so many more steps of the client's after the intake, all under way at once."""
    further = tuple(
        Step(
            f"more-{n}", f"More {n}", after=(Link("intake"),), template="Papers", receiver="client", giver="onboarding"
        )
        for n in range(more)
    )
    check = replace(PLAN.by_key["check"], after=(*PLAN.by_key["check"].after, *(Link(step.key) for step in further)))
    steps = [check if step.key == "check" else step for step in PLAN.steps]
    return Plan(PLAN.roles, (*steps, *further))


@pytest.fixture(params=[0, 8], ids=["few steps", "many steps"])
def names(request: pytest.FixtureRequest, world: World) -> dict[str, object]:
    """A case of four or of twelve steps whose intake is done, beside as many cases more."""
    version = install(world, grown(request.param))
    for _ in range(1 + request.param // 4):
        case = launched(world, version)
        intake_done(world, case)
    papers = Case.objects.get(pk=case.pk).turns.get(step="papers").handoff
    places = {"northwind": world.northwind.id, "projects": world.projects.id}
    return {
        "reference": case.reference,
        "flow": version.flow_id,
        "papers": papers.reference if papers else "",
        **places,
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_as_many_queries_as_are_pinned(
    name: str,
    names: dict[str, object],
    visit: Visit,  # noqa: F811
) -> None:
    ana, path = visit("ana"), PAGES[name].format(**names)
    ana.client.get(ana.home + path)  # what is read once per process
    with pinned(name):
        assert ana.client.get(ana.home + path).status_code == 200


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_takes_as_many_queries_as_are_pinned(
    name: str,
    names: dict[str, object],
    world: World,
    call: Call,  # noqa: F811
) -> None:
    ana, path = call(world.ana), ADDRESSES[name].format(**names)
    ana.get(path)
    with pinned(name):
        assert ana.get(path).status_code == 200
