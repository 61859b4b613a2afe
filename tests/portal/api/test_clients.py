"""A client sees the work, and nothing that is the organization's own."""

import json

import pytest
from django.core.files.base import ContentFile

from handoffs import actions
from handoffs.models import FieldDefinition, Handoff, HandoffTemplate, TemplateVersion
from tests.portal.api.conftest import Call
from tests.world import World

SECRET = "margin-17-percent"


@pytest.fixture
def shared(world: World) -> Handoff:
    """A handoff in the client's workspace with one internal thing of every kind, each saying the secret."""
    version = _template(world)
    handoff = actions.draft(
        world.northwind,
        by=world.ana,
        at=world.now,
        title="Documents for Northwind",
        template=version,
        context={"wish": "Soon", "margin": SECRET},
    )
    at = world.later(minutes=1)
    handoff = actions.note(handoff, by=world.ana, at=at, body=SECRET, internal=True)
    handoff = actions.note(handoff, by=world.ana, at=at, body="Welcome")
    handoff = actions.link(handoff, by=world.ana, at=at, url="https://fjord.example/x", label=SECRET, internal=True)
    file = ContentFile(b"secret", name="secret.txt")
    handoff = actions.attach(handoff, by=world.ana, at=at, file=file, name=f"{SECRET}.txt", internal=True)
    handoff = actions.edit(handoff, by=world.ana, at=at, context={"margin": f"{SECRET}-more"})
    return actions.offer(handoff, by=world.ana, at=at, to_team=world.team("Northwind"))


def _template(world: World) -> TemplateVersion:
    template = HandoffTemplate.objects.create(
        organization=world.organization, name="For clients", for_clients=True, created_at=world.now
    )
    version = TemplateVersion.objects.create(organization=world.organization, template=template, created_at=world.now)
    for key, internal in (("wish", False), ("margin", True)):
        FieldDefinition.objects.create(
            organization=world.organization, version=version, key=key, label=key, internal=internal
        )
    version.published_at, version.published_by = world.now, world.olga
    version.save()
    return version


def test_nothing_internal_reaches_a_client(world: World, call: Call, shared: Handoff) -> None:
    address = f"handoffs/{shared.reference}/"
    paths = (address, f"{address}events/", "handoffs/", "handoffs/?box=waiting", "templates/", "notices/")
    ana, cleo = call(world.ana), call(world.cleo)
    assert SECRET in json.dumps(ana.get(address).json())
    assert SECRET in json.dumps(ana.get(f"{address}events/").json())
    for path in paths:
        told = cleo.get(path)
        assert told.status_code == 200
        assert SECRET not in json.dumps(told.json()), path
        assert "margin" not in json.dumps(told.json()), path
    said = cleo.get(address).json()
    assert said["context"] == {"wish": "Soon"}
    assert [note["body"] for note in said["notes"]] == ["Welcome"]
    assert (said["documents"], said["links"]) == ([], [])
    assert SECRET not in json.dumps(cleo.post(f"handoffs/{shared.reference}/accept").json())


def test_an_internal_document_is_not_there_for_a_client(world: World, call: Call, shared: Handoff) -> None:
    uid = shared.documents.get().uid
    path = f"handoffs/{shared.reference}/documents/{uid}/"
    assert call(world.ana).get(path).status_code == 200
    hidden = call(world.cleo).get(path)
    unknown = call(world.cleo).get(f"handoffs/{shared.reference}/documents/{'0' * 8}-0000-0000-0000-{'0' * 12}/")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content


def test_a_client_cannot_make_things_internal(world: World, call: Call, shared: Handoff) -> None:
    answer = call(world.cleo).post(f"handoffs/{shared.reference}/note", {"body": "Psst", "internal": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "internal_not_for_clients")


def test_a_client_finds_only_its_workspaces_teams_and_people(world: World, call: Call) -> None:
    cleo = call(world.cleo)

    def names(path: str) -> set[str]:
        return {row["name"] for row in cleo.get(path).json()["results"]}

    assert names("workspaces/") == {"Northwind"}
    assert names("teams/") == {"Northwind", "Sales", "Onboarding"}
    assert names("members/") == {"Cleo", "Carl"}
    internal = world.handoff()
    assert cleo.get(f"handoffs/{internal.reference}/").status_code == 404


def test_a_client_hands_work_to_a_team_it_knows(world: World, call: Call) -> None:
    cleo = call(world.cleo)
    made = cleo.post("handoffs/", {"workspace": world.northwind.pk, "title": "A wish"}).json()
    path = f"handoffs/{made['reference']}/offer"
    unknown = cleo.post(path, {"to_team": world.team("Support").pk})
    assert unknown.json()["fields"] == {"to_team": ["There is no such team."]}
    stranger = cleo.post(path, {"to_team": world.team("Onboarding").pk, "to_member": world.nils.pk})
    assert stranger.json()["fields"] == {"to_member": ["There is no such member."]}
    assert cleo.post(path, {"to_team": world.team("Onboarding").pk}).status_code == 200


def test_a_template_that_is_not_for_clients_is_not_there(world: World, call: Call) -> None:
    sbar = world.template("sbar")
    cleo = call(world.cleo)
    assert "SBAR" not in {row["name"] for row in cleo.get("templates/").json()["results"]}
    assert cleo.get(f"templates/{sbar.template_id}/versions/1/").status_code == 404
    words = {"workspace": world.northwind.pk, "title": "A wish", "template": sbar.template_id}
    assert cleo.post("handoffs/", words).json()["fields"] == {"template": ["There is no such template."]}
