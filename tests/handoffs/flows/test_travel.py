"""A flow travels as a file between organizations, and is refused with a list of what is missing where it arrives."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from handoffs.actions.flows import create_flow, export_flow, import_flow, install_starters, publish_flow
from handoffs.flows.files import FILE_SCHEMA, read_file
from handoffs.flows.versions import plan_of
from handoffs.models import Flow
from tenants.models import Member, Organization
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.scope import everyone, scope
from tests.handoffs.flows.test_versions import DOCUMENT
from tests.world import World

FILE: dict[str, Any] = {"handrail": "flow/1", "name": "Two steps", "description": "For trying out.", **DOCUMENT}


def taken_in(world: World, by: Member | None = None, **changes: Any) -> Any:
    return import_flow(text=json.dumps(FILE | changes), by=by or world.olga, at=world.now)


def test_a_file_becomes_a_draft_that_can_be_published(world: World) -> None:
    draft = taken_in(world)
    assert (draft.flow.name, draft.flow.description, draft.is_frozen) == ("Two steps", "For trying out.", False)
    assert publish_flow(version=draft, by=world.olga, at=world.now).is_frozen


def test_what_is_exported_comes_in_as_the_same(world: World) -> None:
    for version in install_starters(by=world.olga, at=world.now):
        sent = export_flow(version, world.olga)
        jsonschema.Draft202012Validator(FILE_SCHEMA).validate(sent)
        again = import_flow(text=json.dumps(sent), name=f"{version.flow} again", by=world.olga, at=world.now)
        assert plan_of(again) == plan_of(version)
        assert again.flow.description == version.flow.description
        assert publish_flow(version=again, by=world.olga, at=world.now).is_frozen


def test_the_example_in_the_docs_can_be_read() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "flows.md").read_text()
    example = docs.split("```json")[1].split("```")[0]
    assert [step.key for step in read_file(example).plan.steps] == ["check", "approve", "pay", "dispute"]


def test_another_organization_is_told_everything_that_it_lacks(world: World) -> None:
    sent = json.dumps(export_flow(taken_in(world), world.olga))
    with everyone():
        elsewhere = Organization.objects.get(slug="elsewhere")
    with scope(elsewhere):
        stan = Member.objects.get(organization=elsewhere, name="Stan")
        with pytest.raises(Invalid) as caught:
            import_flow(text=sent, by=stan, at=world.now)
        assert caught.value.code == "missing_here"
        assert [(p["place"], p["code"]) for p in caught.value.details["problems"]] == [
            ("roles/0/team", "unknown_team"),
            ("roles/1/member", "unknown_member"),
        ]
        assert not Flow.objects.filter(organization=elsewhere).exists()


def test_one_list_names_templates_and_flows_too(world: World) -> None:
    steps = [
        DOCUMENT["steps"][0] | {"template": "X"},
        {"key": "c", "label": "C", "kind": "case", "flow": "Y", "after": [{"step": "intake"}]},
    ]
    with pytest.raises(Invalid) as caught:
        taken_in(world, steps=steps)
    assert [p["code"] for p in caught.value.details["problems"]] == ["unknown_template", "unknown_flow"]
    assert not Flow.objects.filter(name="Two steps").exists()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"handrail": "flow/2"}, "handrail"),
        ({"name": " "}, "name"),
        ({"owner": 1}, "owner"),
        ({"steps": [{"key": "a", "label": "A"}, {"key": "a", "label": "A"}]}, "steps/1/key"),
        ({"description": "x" * 2001}, "description"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(world: World, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        taken_in(world, **changes)
    assert caught.value.code == "flow_unreadable"
    assert caught.value.details["problems"][0]["place"] == place


@pytest.mark.parametrize("text", ["", "[]", "null", b"\xff\xfe\x00", "{", "[" * 100_000, '{"a": 1, "a": 1}'])
def test_what_is_no_file_is_refused(world: World, text: str | bytes) -> None:
    with pytest.raises(Invalid) as caught:
        import_flow(text=text, by=world.olga, at=world.now)
    assert caught.value.code == "flow_unreadable"


def test_a_name_that_is_taken_is_said_so(world: World) -> None:
    create_flow(name="Two steps", by=world.olga, at=world.now)
    with pytest.raises(Conflict) as caught:
        taken_in(world)
    assert caught.value.code == "name_taken"


def test_only_who_runs_the_organization_takes_flows_in_and_out(world: World) -> None:
    draft = taken_in(world)
    with pytest.raises(Forbidden):
        taken_in(world, by=world.lea, name="Mine")
    with pytest.raises(Forbidden):
        export_flow(draft, world.lea)
