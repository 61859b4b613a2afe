"""Flows in the portal: read by colleagues, written by those who run the organization, unknown to clients."""

import json
from typing import Any

import pytest
from django.test import Client

from handoffs.actions.flows import publish_flow, revise_flow
from handoffs.flows import editing
from handoffs.flows.versions import plan_of
from handoffs.models import Flow, FlowVersion
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.portal.pages.flows import base_of, filled, review
from tests.world import World

READ = ("flows/", "flows/{flow}/", "flows/{flow}/versions/1/")
WRITTEN = (
    "flows/new/",
    "flows/{flow}/name/",
    "flows/{flow}/edit/",
    "flows/{flow}/edit/steps/check/",
    "flows/{flow}/edit/roles/asker/",
)
DEEDS = tuple(
    f"flows/{{flow}}/{path}/"
    for path in (
        "revise",
        "publish",
        "retire",
        "bring-back",
        "edit/steps",
        "edit/roles",
        "edit/move",
        "edit/steps/check/remove",
        "edit/roles/asker/remove",
    )
)


@pytest.fixture
def draft(world: World) -> FlowVersion:
    return review(world)


@pytest.fixture
def flow(draft: FlowVersion) -> int:
    return draft.flow_id


def document(flow: int) -> dict[str, Any]:
    return FlowVersion.objects.filter(flow_id=flow).latest("number").document


@pytest.mark.parametrize("path", [*READ, *WRITTEN])
def test_works_for_who_runs_the_organization_and_twice(path: str, flow: int, visit: Visit) -> None:
    for _ in range(2):
        assert visit("olga").get(path.format(flow=flow)).status_code == 200


@pytest.mark.parametrize("name", ["ana", "vic"])
def test_colleagues_read_and_do_not_write(name: str, flow: int, visit: Visit) -> None:
    visitor = visit(name)
    for path in READ:
        assert visitor.get(path.format(flow=flow)).status_code == 200
    for path in WRITTEN:
        assert visitor.get(path.format(flow=flow)).status_code == 403
    for path in DEEDS:
        assert visitor.post(path.format(flow=flow)).status_code == 403
    text = visitor.read(f"flows/{flow}/")
    assert "Check it" in text
    assert "Edit the draft" not in text


@pytest.mark.parametrize("name", ["cleo", "stan"])
def test_clients_and_strangers_find_nothing(name: str, flow: int, visit: Visit) -> None:
    visitor = visit(name)
    for path in (*READ, *WRITTEN):
        assert visitor.get(path.format(flow=flow)).status_code == 404
    for path in DEEDS:
        assert visitor.post(path.format(flow=flow)).status_code == 404


def test_a_client_is_not_shown_the_way(world: World, visit: Visit) -> None:
    assert 'href="/o/fjord/flows/"' in visit("ana").read()
    assert 'href="/o/fjord/flows/"' not in visit("cleo").read()


@pytest.mark.parametrize("path", [*READ, *WRITTEN, *DEEDS])
def test_nobody_is_sent_to_sign_in(path: str, flow: int) -> None:
    answer = Client().get("/o/fjord/" + path.format(flow=flow))
    assert (answer.status_code, answer["Location"][:16]) == (302, "/accounts/login/")


@pytest.mark.parametrize("path", [*READ, *WRITTEN, *DEEDS])
def test_a_wrong_method_is_405(path: str, flow: int, visit: Visit) -> None:
    olga, address = visit("olga"), "/o/fjord/" + path.format(flow=flow)
    assert olga.client.delete(address).status_code == 405
    assert (olga.client.post if path in READ else olga.client.put)(address).status_code == 405
    if path in DEEDS:
        assert olga.client.get(address).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "flows/999999/",
        "flows/99999999999999999999999999/",
        "flows/{flow}/versions/7/",
        "flows/999999/edit/",
        "flows/{flow}/edit/steps/nowhere/",
        "flows/{flow}/edit/roles/nobody/",
        "flows/999999/edit/steps/check/",
    ],
)
def test_what_is_not_there_is_404(path: str, flow: int, visit: Visit) -> None:
    assert visit("olga").get(path.format(flow=flow)).status_code == 404


@pytest.mark.parametrize("junk", ["\x00", "9" * 40, "-1", "~", "0"])
def test_a_page_that_is_none_is_the_first(junk: str, flow: int, visit: Visit) -> None:
    assert visit("olga").get("flows/", page=junk).status_code == 200


def test_a_new_flow_is_a_draft_and_its_name_is_nobody_elses(world: World, visit: Visit) -> None:
    olga = visit("olga")
    answer = olga.post("flows/new/", name="Onboarding of clients")
    made = Flow.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/flows/{made.pk}/edit/")
    again = olga.post("flows/new/", name="Onboarding of clients")
    assert again.status_code == 409
    assert "already one of this name" in again.content.decode()
    for name in ("", " ", "x" * 121, "\x00"):
        assert olga.post("flows/new/", name=name).status_code == 422
    assert Flow.objects.count() == 1


def test_roles_and_steps_are_added_and_go_where_one_can_fill_them_in(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    add = f"flows/{flow}/edit/steps/"
    answer = olga.post(add, label="File it", kind="handoff", after="check", between="on", base=base_of(olga, flow))
    assert answer["Location"].endswith("/edit/steps/file_it/")
    answer = olga.post(f"flows/{flow}/edit/roles/", label="Auditor", team="Support", base=base_of(olga, flow))
    assert answer.status_code == 303
    made = document(flow)
    assert [step["key"] for step in made["steps"]] == ["check", "file_it", "pay", "over"]
    assert made["steps"][2]["after"][0]["step"] == "file_it"
    assert made["roles"][2] == {"key": "auditor", "label": "Auditor", "team": "Support"}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("steps", {"label": "", "kind": "handoff"}),
        ("steps", {"label": "x" * 121, "kind": "handoff"}),
        ("steps", {"label": "New", "kind": "dance"}),
        ("steps", {"label": "New", "kind": "handoff", "after": "nowhere"}),
        ("steps", {"label": "\x00", "kind": "handoff"}),
        ("roles", {"label": ""}),
        ("roles", {"label": "Auditor", "team": "No such team"}),
        ("roles", {"label": "Auditor", "member": "nobody@fjord.example"}),
        ("move", {"key": "check", "way": "sideways"}),
        ("move", {}),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_changes(
    path: str, given: dict[str, str], flow: int, visit: Visit
) -> None:
    olga, before = visit("olga"), document(flow)
    answer = olga.post(f"flows/{flow}/edit/{path}/", base=base_of(olga, flow), **given)
    assert answer.status_code == 422
    assert "data-focus" in answer.content.decode()
    assert document(flow) == before


def test_a_step_is_moved_and_the_focus_stays_on_the_button(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    answer = olga.post(f"flows/{flow}/edit/move/", key="pay", way="up", base=base_of(olga, flow))
    assert answer["Location"].endswith("?focus=up-pay")
    assert [step["key"] for step in document(flow)["steps"]] == ["pay", "check", "over"]
    assert 'value="up" aria-disabled="true" autofocus data-focus' in olga.read(f"flows/{flow}/edit/", focus="up-pay")
    assert olga.post(f"flows/{flow}/edit/move/", key="gone", way="up", base=base_of(olga, flow)).status_code == 404


def test_a_step_is_changed_in_every_part(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    changes = {
        "label": "Pay the invoice",
        "key": "payment",
        "within_complete": "1 h 30 m",
        "may_skip": "on",
        "on_accept": "on",
        "takes_all": "",
        "after-0-when": "check.result.amount > 10",
        "after-1-step": "payment",
        "documents-0-step": "check",
    }
    sent = filled(olga, path, **changes)
    assert olga.post(path, **sent | {"after-1-step": "nowhere"}).status_code == 422
    answer = olga.post(path, **sent | {"after-1-step": "pay", "after-1-again_at_most": "2"})
    assert answer.status_code == 303, answer.context["form"].all_errors
    step = plan_of(FlowVersion.objects.get(flow_id=flow)).by_key["payment"]
    assert (step.label, step.may_skip, step.takes_all, step.done_on.value) == ("Pay the invoice", True, False, "accept")
    assert str(step.after[0].when) == "check.result.amount > 10"
    assert (step.after[1].step, step.after[1].again_at_most) == ("payment", 2)
    assert step.documents[0].step == "check"
    assert step.within["complete"].total_seconds() == 5400
    over = plan_of(FlowVersion.objects.get(flow_id=flow)).by_key["over"]
    assert over.after[0].step == "payment"


def test_saving_what_was_not_changed_changes_nothing(flow: int, visit: Visit) -> None:
    olga, before = visit("olga"), document(flow)
    for path in ("steps/check", "steps/pay", "steps/over", "roles/asker"):
        answer = olga.post(f"flows/{flow}/edit/{path}/", **filled(olga, f"flows/{flow}/edit/{path}/"))
        assert answer.status_code == 303
    assert document(flow) == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("after-0-when", "check.result.amount >>> 1", "comes a value"),
        ("after-0-when", "(" * 50, "too many parentheses"),
        ("after-0-when", "x" * 2001, "at most 2000"),
        ("after-0-when", "\x00", "Null characters"),
        ("after-0-again_at_most", "1000", "less than or equal to 99"),
        ("after-0-step", "nowhere", "Select a valid choice"),
        ("after-1-when", "check.result.amount > 1", "Choose the step that it comes after"),
        ("takes-0-source", "check.result.amount", "Choose the field that it fills"),
        ("within_accept", "soon", "Write it like 4 h"),
        ("within_accept", "30 s", "hours and minutes"),
        ("within_accept", "9999999 h", "Write it like"),
        ("key", "Pay It", "Short name"),
        ("key", "9pay", "a small letter"),
        ("key", "over", "each needs a short name of its own"),
        ("label", "", "Name"),
        ("kind", "dance", "Select a valid choice"),
        ("waits_for", "none", "Select a valid choice"),
        ("template", "No such template", "Select a valid choice"),
        ("after-TOTAL_FORMS", "many", "tampered"),
        ("after-TOTAL_FORMS", "1000000", "at most 40"),
    ],
)
def test_what_is_wrong_stands_at_its_place_and_nothing_typed_is_lost(
    name: str, value: str, sentence: str, flow: int, visit: Visit
) -> None:
    olga, before = visit("olga"), document(flow)
    path = f"flows/{flow}/edit/steps/pay/"
    sent = filled(olga, path) | {name: value, "label": "What I typed"}
    if name == "label":
        sent["label"] = ""
    answer = olga.post(path, **sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert name == "label" or "What I typed" in text
    assert document(flow) == before


def test_another_kind_keeps_what_it_can_use_and_asks_for_its_own(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    answer = olga.post(path, **filled(olga, path, kind="wait"))
    assert answer["Location"].endswith(path)
    step = document(flow)["steps"][1]
    assert step == {"key": "pay", "label": "Pay it", "kind": "wait", "after": step["after"]}
    assert "How long it waits" in olga.read(path)
    assert olga.post(path, **filled(olga, path, lasts="16 h", hours_of="asker")).status_code == 303
    assert document(flow)["steps"][1]["pause"] == {"lasts": "PT16H", "hours_of": "asker"}
    assert olga.post(path, **filled(olga, path, kind="case")).status_code == 303
    assert "Which flow" in olga.read(path)


def test_another_flow_is_cast(world: World, flow: int, visit: Visit) -> None:
    review(world, "Inner", published=True)
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    olga.post(path, **filled(olga, path, kind="case"))
    assert olga.post(path, **filled(olga, path, flow="Inner")).status_code == 303
    assert document(flow)["steps"][1]["flow"] == "Inner"


def test_a_link_is_removed_by_its_box(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/over/"
    assert olga.post(path, **filled(olga, path, **{"after-1-DELETE": "on"})).status_code == 303
    assert document(flow)["steps"][2]["after"] == [{"step": "pay"}]


def test_the_second_of_two_who_edit_is_told_and_keeps_the_input(world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    sent = filled(olga, path, label="What I typed")
    assert olga.post(f"flows/{flow}/edit/roles/", label="Auditor", base=base_of(olga, flow)).status_code == 303
    answer = olga.post(path, **sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "changed by somebody else meanwhile" in text
    assert "What I typed" in text
    assert document(flow)["steps"][1]["label"] == "Pay it"
    assert olga.post(path, **sent | {"base": answer.context["base"]}).status_code == 303
    assert document(flow)["steps"][1]["label"] == "What I typed"
    assert len(document(flow)["roles"]) == 3


@pytest.mark.parametrize("base", ["", "nonsense", "x" * 5000])
def test_without_a_word_of_what_was_seen_nothing_is_overwritten(base: str, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.post(f"flows/{flow}/edit/roles/", label="Auditor", base=base).status_code == 409


def test_a_step_that_was_removed_meanwhile_keeps_the_input(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    sent = filled(olga, path, label="What I typed")
    base = base_of(olga, flow)
    olga.post(f"flows/{flow}/edit/steps/over/remove/", base=base)
    assert olga.post(f"flows/{flow}/edit/steps/pay/remove/", base=base_of(olga, flow)).status_code == 303
    answer = olga.post(path, **sent)
    assert answer.status_code == 404
    assert "What I typed" in answer.content.decode()
    assert "any more" in answer.content.decode()


def test_what_is_needed_is_not_removed(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    for path, status in (("steps/check", 409), ("roles/asker", 422)):
        answer = olga.post(f"flows/{flow}/edit/{path}/remove/", base=base_of(olga, flow))
        assert answer.status_code == status
        assert "first." in answer.content.decode() or "Change that first" in answer.content.decode()
    assert len(document(flow)["steps"]) == 3


def test_problems_lead_to_their_place_and_keep_it_from_being_published(world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    olga.post(f"flows/{flow}/edit/roles/asker/", **filled(olga, f"flows/{flow}/edit/roles/asker/", team=""))
    draft = FlowVersion.objects.get(flow_id=flow)
    gone = {**draft.document["steps"][0], "template": "Gone"}
    draft.document = editing.change_step(draft.document, "check", gone)
    draft.save()
    text = olga.read(f"flows/{flow}/edit/")
    assert f'href="/o/fjord/flows/{flow}/edit/steps/check/#id_template"' in text
    assert "no published template called “Gone”" in text
    assert "Gone (not found)" in olga.read(f"flows/{flow}/edit/steps/check/")
    answer = olga.post(f"flows/{flow}/publish/")
    assert answer.status_code == 422
    assert "no published template called “Gone”" in answer.content.decode()


def test_a_draft_is_published_revised_and_retired_and_twice_is_once(world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    for _ in range(2):
        assert olga.post(f"flows/{flow}/publish/").status_code == 303
    assert FlowVersion.objects.get(flow_id=flow).published_by == world.olga
    assert olga.get(f"flows/{flow}/edit/")["Location"] == f"/o/fjord/flows/{flow}/"
    for _ in range(2):
        assert olga.post(f"flows/{flow}/revise/")["Location"].endswith("/edit/")
    assert FlowVersion.objects.filter(flow_id=flow).count() == 2
    for _ in range(2):
        assert olga.post(f"flows/{flow}/retire/").status_code == 303
    assert "Retired" in olga.read("flows/")
    assert olga.post(f"flows/{flow}/publish/").status_code == 409
    assert olga.post(f"flows/{flow}/bring-back/").status_code == 303
    assert olga.post(f"flows/{flow}/publish/").status_code == 303


def test_what_was_published_meanwhile_is_not_written_and_nothing_typed_is_lost(
    world: World, flow: int, visit: Visit
) -> None:
    olga = visit("olga")
    path = f"flows/{flow}/edit/steps/pay/"
    sent = filled(olga, path, label="What I typed")
    publish_flow(version=FlowVersion.objects.get(flow_id=flow), by=world.olga, at=world.now)
    answer = olga.post(path, **sent)
    assert answer.status_code == 409
    assert "What I typed" in answer.content.decode()
    assert "revise the flow" in answer.content.decode()


PAGES = {
    "flows_page": "flows/",
    "flow_page": "flows/{flow}/",
    "flow_edit_page": "flows/{flow}/edit/",
    "flow_step_page": "flows/{flow}/edit/steps/pay/",
    "flow_role_page": "flows/{flow}/edit/roles/asker/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_as_many_queries_as_are_pinned(name: str, world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    for round_ in range(2):
        review(world, f"Another {round_}", published=True)
        draft = FlowVersion.objects.get(flow_id=flow, published_at=None)
        grown = editing.add_step(editing.add_role(draft.document, label="More"), label="More", after="pay")
        publish_flow(version=draft, by=world.olga, at=world.now)
        draft = revise_flow(flow=draft.flow, by=world.olga, at=world.now)
        draft.document = {
            **grown,
            "steps": [{**step, "template": "Work"} if step["label"] == "More" else step for step in grown["steps"]],
        }
        draft.save()
        olga.get(PAGES[name].format(flow=flow))
        with pinned(name):
            assert olga.get(PAGES[name].format(flow=flow)).status_code == 200
        draft.document = {
            **draft.document,
            "steps": [
                {"receiver": "asker", **step} if step["label"] == "More" else step for step in draft.document["steps"]
            ],
        }
        draft.save()


def test_only_the_draft_that_was_looked_at_is_published(world: World, flow: int, visit: Visit) -> None:
    olga, other = visit("olga"), visit("olga")
    seen = base_of(olga, flow)
    changed = filled(other, f"flows/{flow}/edit/steps/pay/", label="Pay it twice")
    assert other.post(f"flows/{flow}/edit/steps/pay/", **changed).status_code == 303
    refused = olga.post(f"flows/{flow}/publish/", base=seen)
    assert refused.status_code == 409
    assert "Somebody else changed this draft meanwhile" in refused.content.decode()
    assert f'href="/o/fjord/flows/{flow}/edit/"' in refused.content.decode()
    draft = FlowVersion.objects.get(flow_id=flow)
    assert not draft.is_frozen
    assert "Pay it twice" in json.dumps(draft.document)  # neither is lost
    looked_at_anew = base_of(olga, flow)
    for _ in range(2):
        assert olga.post(f"flows/{flow}/publish/", base=looked_at_anew).status_code == 303
    assert olga.post(f"flows/{flow}/publish/", base=seen).status_code == 409
