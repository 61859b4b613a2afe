"""A new handoff: the two steps, and one form field for each kind of field a template may have."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from handoffs.definition.fields import FIELD_TYPES
from handoffs.definition.specification import Field
from handoffs.handoff import Handoff
from handoffs.models import Priority, Side
from portal.forms.specification import SpecifiedForm, form_field, initial_of
from tests.portal.pages.conftest import Visit
from tests.world import World

GIVEN: dict[str, tuple[Any, Any]] = {
    "text": ("Northwind", "Northwind"),
    "long_text": ("One\r\ntwo", "One\r\ntwo"),
    "number": ("48000.50", "48000.50"),
    "date": ("2026-12-01", "2026-12-01"),
    "date_time": ("2026-12-01T09:00", "2026-12-01T09:00:00+00:00"),
    "choice": ("High", "High"),
    "choices": (["High", "Low"], ["Low", "High"]),
    "yes_no": ("no", False),
    "email": ("ap@northwind.example", "ap@northwind.example"),
    "link": ("https://northwind.example/", "https://northwind.example/"),
}


def a_field(kind: str, *, required: bool = False) -> Field:
    return Field("it", "It", Side.SENDER, FIELD_TYPES[kind], required=required, choices=("Low", "High"))


class OneField(SpecifiedForm):
    part = "context"


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_what_is_filled_in_is_what_is_stored_and_shown_again(kind: str, world: World) -> None:
    given, stored = (str(world.ben.id), world.ben.id) if kind == "member" else GIVEN[kind]
    field, form = a_field(kind), OneField({"context-it": given})
    form.specify([field], [world.ana, world.ben])
    assert form.is_valid(), form.errors
    value = field.clean(form.values()["it"])
    assert value == stored
    again = form_field(field, [world.ana, world.ben]).prepare_value(initial_of(field, value))
    assert str(again) in (str(given), str(stored), "2026-12-01 09:00:00")


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_a_required_field_may_wait_in_a_draft_but_not_in_a_result(kind: str, world: World) -> None:
    for may_lack in (True, False):
        form = OneField({})
        form.may_lack = may_lack
        form.specify([a_field(kind, required=True)], [world.ben])
        assert form.is_valid() is may_lack
        assert form.fields["context-it"].required, "so that it is not called optional"


def test_the_first_step_offers_only_where_one_may_send(world: World, visit: Visit) -> None:
    form = visit("ana").get("handoffs/new/").context["form"]
    assert [name for _, name in form.fields["workspace"].choices] == ["Choose…", "Northwind", "Projects"]
    assert "You may not send anywhere yet" in visit("vic").read("handoffs/new/")
    templates = visit("cleo").get("handoffs/new/").context["form"].templates.values()
    assert {version.template.kit for version in templates} == {"plain", "approval"}


@pytest.mark.parametrize("workspace", ["", "none", "9" * 30, "\x00"])
def test_a_choice_that_is_none_asks_again(workspace: str, world: World, visit: Visit) -> None:
    query = {"workspace": workspace, "template": "none"}
    assert visit("ana").get("handoffs/new/", **query).status_code == 422
    assert visit("ana").client.post("/o/fjord/handoffs/new/?workspace=x&template=y").status_code == 422
    assert visit("ana").post("handoffs/new/").status_code == 422


def step_two(world: World, kit: str, workspace: str = "projects") -> str:
    return f"/o/fjord/handoffs/new/?workspace={getattr(world, workspace).id}&template={world.template(kit).id}"


def test_the_draft_is_kept_with_what_is_known(world: World, visit: Visit) -> None:
    given = {"title": "Signed contract", "summary": "", "priority": "3", "context-contract_value": "48000"}
    answer = visit("ana").client.post(step_two(world, "sales_onboarding"), given)
    assert answer.status_code == 303
    handoff = Handoff.objects.get(title="Signed contract")
    assert answer["Location"] == f"/o/fjord/handoffs/{handoff.reference}/"
    assert (handoff.custodian, handoff.priority, handoff.workspace) == (world.ana, Priority.URGENT, world.projects)
    assert handoff.context == {"contract_value": "48000"}
    assert handoff.sender_team == world.team("Sales")


def test_wrong_values_come_back_at_their_fields_with_the_rest_kept(world: World, visit: Visit) -> None:
    given = {"title": "Signed contract", "priority": "1", "context-contract_value": "a lot"}
    answer = visit("ana").client.post(step_two(world, "sales_onboarding"), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["context-contract_value"] == ["Contract value a year must be a number."]
    assert 'value="Signed contract"' in answer.content.decode()
    assert not Handoff.objects.filter(title="Signed contract").exists()


@pytest.mark.parametrize("junk", ["\x00", "x" * 30_000, "9" * 400, "1e999999999", "NaN", "javascript:alert(1)"])
@pytest.mark.parametrize("kit", ["sales_onboarding", "approval", "on_call"])
def test_junk_is_never_an_error_of_ours(kit: str, junk: str, world: World, visit: Visit) -> None:
    address = step_two(world, kit)
    fields = visit("ana").client.get(address).context["form"].fields
    for name in fields:
        given = {"title": "Title", "priority": "1"} | {name: junk}
        answer = visit("ana").client.post(address, given)
        assert answer.status_code in (303, 422)


def test_a_client_is_not_asked_for_what_is_internal(world: World, visit: Visit) -> None:
    fields = visit("cleo").client.get(step_two(world, "plain", "northwind")).context["form"].fields
    assert "context-expected" in fields
    assert visit("cleo").client.get(step_two(world, "sales_onboarding", "northwind")).status_code == 422
    assert visit("cleo").client.get(step_two(world, "plain")).status_code == 422
    ana = visit("ana").client.get(step_two(world, "sales_onboarding", "northwind")).context["form"].fields
    assert "Internal" in ana["context-margin"].help_text


def test_without_a_template(world: World, visit: Visit) -> None:
    address = f"/o/fjord/handoffs/new/?workspace={world.projects.id}&template=none"
    answer = visit("ana").client.post(address, {"title": "Keys of the office", "priority": "1"})
    assert answer.status_code == 303
    assert Handoff.objects.get(title="Keys of the office").template_version is None


def test_what_an_admin_wrote_as_help_is_text_and_no_markup() -> None:
    field = Field("it", "It <b>", Side.SENDER, FIELD_TYPES["text"], help='<img src="x" onerror="alert(1)">')
    form = OneField()
    form.specify([field], [])
    html = render_to_string("components/fields.html", {"form": form})
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img" in html
