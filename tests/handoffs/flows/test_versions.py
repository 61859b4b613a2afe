"""Flows: written as drafts, published once, revised as a copy; names mean what they meant at that time."""

from typing import Any

import pytest

from handoffs.actions.flows import create_flow, problems_of, publish_flow, retire_flow, revise_flow, write_flow
from handoffs.actions.templates import publish, revise
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import Flow, FlowVersion, Pin
from tenants.refusals import Conflict, Forbidden, Invalid
from tests.world import World

DOCUMENT: dict[str, Any] = {
    "roles": [
        {"key": "sales", "label": "Sales", "team": "Sales"},
        {"key": "helper", "label": "Helper", "member": "BEN@fjord.example"},
    ],
    "steps": [
        {"key": "intake", "label": "Intake", "template": "Plain handoff", "giver": "sales", "receiver": "helper"},
        {
            "key": "report",
            "label": "Report",
            "template": "Plain handoff",
            "giver": "helper",
            "receiver": "sales",
            "takes": [{"field": "expected", "source": "intake.context.expected"}],
            "after": [{"step": "intake"}],
        },
    ],
}


def a_draft(world: World, **changes: Any) -> FlowVersion:
    return create_flow(name="Two steps", document=DOCUMENT | changes, by=world.olga, at=world.now)


def test_a_draft_is_published_with_what_its_names_mean(world: World) -> None:
    version = publish_flow(version=a_draft(world), by=world.olga, at=world.now)
    pins = pins_of(version)
    assert version.is_frozen
    assert pins.template_version("intake") == world.template("plain")
    assert pins.template_version("intake").template.name == "Plain handoff"
    assert pins.by_role["sales"].team_id == world.team("Sales").pk
    assert (pins.by_role["helper"].team_id, pins.by_role["helper"].member_id) == (
        world.team("Onboarding").pk,
        world.ben.pk,
    )
    assert [step.key for step in plan_of(version).steps] == ["intake", "report"]


def test_what_was_pinned_stays_when_the_template_goes_on(world: World) -> None:
    version = publish_flow(version=a_draft(world), by=world.olga, at=world.now)
    before = world.template("plain")
    publish(version=revise(template=before.template, by=world.olga, at=world.now), by=world.olga, at=world.now)
    assert Pin.objects.get(version=version, step="intake").template_version == before
    assert pins_of(version).template_version("intake") == before


def test_published_twice_is_published_once(world: World) -> None:
    draft = a_draft(world)
    first = publish_flow(version=draft, by=world.olga, at=world.now)
    again = publish_flow(version=draft, by=world.olga, at=world.later(hours=1))
    assert again.published_at == first.published_at
    assert Pin.objects.filter(version=draft).count() == 4


def test_a_published_version_is_never_written_again(world: World) -> None:
    version = publish_flow(version=a_draft(world), by=world.olga, at=world.now)
    with pytest.raises(Conflict) as caught:
        write_flow(version=version, document={}, by=world.olga, at=world.now)
    assert caught.value.code == "version_published"


def test_a_next_draft_is_a_copy_and_there_is_one(world: World) -> None:
    version = publish_flow(version=a_draft(world), by=world.olga, at=world.now)
    draft = revise_flow(flow=version.flow, by=world.olga, at=world.now)
    assert (draft.number, draft.document, draft.is_frozen) == (2, version.document, False)
    assert revise_flow(flow=version.flow, by=world.olga, at=world.now) == draft
    write_flow(version=draft, document={"steps": []}, by=world.olga, at=world.now)
    assert plan_of(FlowVersion.objects.get(pk=version.pk)).steps != ()
    assert plan_of(FlowVersion.objects.get(pk=draft.pk)).steps == ()


def test_what_does_not_make_sense_is_not_published(world: World) -> None:
    draft = a_draft(world, roles=[{"key": "sales", "label": "Sales", "team": "Nobody's"}])
    with pytest.raises(Invalid) as caught:
        publish_flow(version=draft, by=world.olga, at=world.now)
    assert caught.value.code == "flow_has_problems"
    places = {(problem["place"], problem["code"]) for problem in caught.value.details["problems"]}
    assert {("roles/0/team", "unknown_team"), ("steps/0/receiver", "unknown_role")} <= places
    assert not Pin.objects.filter(version=draft).exists()


def test_what_cannot_be_read_is_not_written(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        write_flow(version=a_draft(world), document={"steps": [{"key": "\x00"}]}, by=world.olga, at=world.now)
    assert caught.value.code == "flow_unreadable"
    assert caught.value.details["problems"][0]["place"].startswith("steps/0")


def test_one_name_once(world: World) -> None:
    a_draft(world)
    with pytest.raises(Conflict) as caught:
        a_draft(world)
    assert caught.value.code == "name_taken"


@pytest.mark.parametrize("name", ["", "x" * 121, "a\x00b"])
def test_a_name_that_cannot_be_is_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid):
        create_flow(name=name, by=world.olga, at=world.now)


def test_a_retired_flow_is_not_published_until_it_is_back(world: World) -> None:
    draft = a_draft(world)
    retire_flow(flow=draft.flow, by=world.olga, at=world.now)
    assert Flow.objects.get(pk=draft.flow_id).retired_at == world.now
    with pytest.raises(Conflict) as caught:
        publish_flow(version=draft, by=world.olga, at=world.now)
    assert caught.value.code == "flow_retired"
    retire_flow(flow=draft.flow, retired=False, by=world.olga, at=world.now)
    assert publish_flow(version=draft, by=world.olga, at=world.now).is_frozen


@pytest.mark.parametrize("who", ["ana", "lea", "mo", "vic", "cleo"])
def test_only_who_runs_the_organization_makes_flows(world: World, who: str) -> None:
    draft = a_draft(world)
    by, at = getattr(world, who), world.now
    for attempt in (
        lambda: create_flow(name="Mine", by=by, at=at),
        lambda: write_flow(version=draft, document={}, by=by, at=at),
        lambda: publish_flow(version=draft, by=by, at=at),
        lambda: revise_flow(flow=draft.flow, by=by, at=at),
        lambda: retire_flow(flow=draft.flow, by=by, at=at),
        lambda: problems_of(draft, by),
    ):
        with pytest.raises(Forbidden):
            attempt()
