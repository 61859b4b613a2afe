"""The starter flows publish as they are, with nothing to be said against them, and what is found out arrives."""

import pytest

from handoffs import actions
from handoffs.actions.cases import launch, next_of
from handoffs.actions.flows import install_starters, problems_of
from handoffs.actions.templates import update_template
from handoffs.flows.check import Sight
from handoffs.flows.starters import STARTERS
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import Flow, FlowVersion, Handoff, HandoffTemplate
from tenants.refusals import Forbidden
from tests.world import World


def test_all_five_publish_without_a_problem_and_without_a_warning(world: World) -> None:
    made = install_starters(by=world.olga, at=world.now)
    assert [version.flow.starter for version in made] == [starter.key for starter in STARTERS]
    assert {version.flow.name: problems_of(version, world.olga) for version in made} == {
        starter.name: [] for starter in STARTERS
    }
    assert all(version.is_frozen for version in made)


def test_installed_twice_they_are_there_once(world: World) -> None:
    install_starters(by=world.olga, at=world.now)
    before = HandoffTemplate.objects.count()
    assert install_starters(by=world.olga, at=world.later(hours=1)) == []
    assert Flow.objects.exclude(starter="").count() == len(STARTERS)
    assert HandoffTemplate.objects.count() == before


def test_a_template_that_was_renamed_is_used_by_its_new_name(world: World) -> None:
    update_template(template=world.template("plain").template, name="Anything", by=world.olga, at=world.now)
    install_starters(by=world.olga, at=world.now, starters=[s for s in STARTERS if s.key == "document_review"])
    version = FlowVersion.objects.get(flow__starter="document_review")
    assert plan_of(version).by_key["settle"].template == "Anything"
    assert pins_of(version).template_version("settle") == world.template("plain")


def test_only_who_runs_the_organization_installs_them(world: World) -> None:
    with pytest.raises(Forbidden):
        install_starters(by=world.lea, at=world.now)


ARRIVES = {
    "client_onboarding": ("into_care", "signed.context.promises"),
    "document_review": ("file", "request.context.purpose"),
    "change_approval": ("tell", "plan.context.change"),
    "incident_handover": ("review", "work_asia.context.began_at"),
    "invoice_approval": ("pay", "check.context.supplier"),
}


@pytest.mark.parametrize("key", ARRIVES)
def test_what_the_first_step_knows_surely_arrives_in_the_last(world: World, key: str) -> None:
    from handoffs.actions.flows._gather import facts_of, meant

    (version,) = install_starters(by=world.olga, at=world.now, starters=[s for s in STARTERS if s.key == key])
    plan = plan_of(version)
    sight = Sight(plan, facts_of(meant(plan, version.organization_id), version.flow.name))
    step, source = ARRIVES[key]
    name = source.split(".")[2]
    assert tuple(source.split(".")) in sight.given(step)
    assert sight.flows_in(plan.by_key[step], name, sight.template(step).context[name])


def test_what_a_result_is_about_to_say_is_not_asked_for_the_next_steps(world: World) -> None:
    """Two decide on the plan that Sam is writing: it is his result, and he does not write it three times."""
    (version,) = install_starters(
        by=world.olga, at=world.now, starters=[s for s in STARTERS if s.key == "change_approval"]
    )
    teams = {"requester": "Sales", "engineer": "Support", "technical": "Onboarding", "business": "Sales"}
    case = launch(
        version,
        by=world.ana,
        at=world.now,
        workspace=world.projects,
        title="New database",
        casting={role: (world.team(team), None) for role, team in teams.items()},
        given={"plan": {"change": "Bookings move", "reason": "The old one is full"}},
    )
    held = actions.accept(Handoff.objects.get(case=case), by=world.sam, at=world.later(minutes=1))

    def asked(result: dict[str, str] | None) -> dict[str, list[str]]:
        found = next_of(held, by=world.sam, at=world.now, result=result)
        assert all(bool(step.missing) is bool(step.asks) for step in found)
        return {step.key: [field.key for field in step.asks] for step in found}

    assert asked(None) == {"technical": [], "business": []}
    nothing = ["plan", "way_back", "risk", "planned_at"]
    assert asked({}) == {"technical": nothing, "business": nothing}, "once it is known, what lacks is asked for"
