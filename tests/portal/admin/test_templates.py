"""Templates in the admin: a draft is written and published, a published version never changes."""

from datetime import timedelta
from typing import Any

import pytest

from handoffs import actions
from handoffs.definition.specification import specification
from handoffs.models import (
    ChecklistDefinition,
    DocumentSlot,
    FieldDefinition,
    HandoffTemplate,
    Side,
    TemplateVersion,
)
from tenants.models import Member
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled, one_more
from tests.world import World

LIST = "handoffs/handofftemplate/"


def page(thing: HandoffTemplate | TemplateVersion) -> str:
    return f"handoffs/{thing._meta.model_name}/{thing.pk}/change/"


def content(version: TemplateVersion) -> list[Any]:
    """Everything a version says, as it is in the database."""
    own = list(TemplateVersion.objects.filter(pk=version.pk).values())
    parts = (FieldDefinition, ChecklistDefinition, DocumentSlot)
    return own + [list(part._default_manager.filter(version=version).order_by("pk").values()) for part in parts]


@pytest.fixture
def draft(world: World, olga: Visitor) -> TemplateVersion:
    """The next version of SBAR, begun by the button."""
    template = world.template("sbar").template
    answer = olga.post(f"{LIST}{template.pk}/revise/")
    made = TemplateVersion.objects.get(template=template, published_at=None)
    assert answer["Location"] == f"/o/fjord/admin/{page(made)}"
    return made


def test_the_list_tells_what_is_in_use(world: World, olga: Visitor, draft: TemplateVersion) -> None:
    text = olga.get(LIST, q="SBAR").content.decode()
    assert "v1" in text
    assert "v2" in text


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_template_is_made_written_and_published(world: World, chief: Member, visit: Visit, name: str) -> None:
    browser = visit(name)
    answer = browser.save(f"{LIST}add/", name="Contract", description="A signed contract", for_clients="on")
    draft = TemplateVersion.objects.get(organization=world.organization, template__name="Contract")
    assert answer["Location"] == f"/o/fjord/admin/{page(draft)}"

    form = browser.form(page(draft))
    form |= {"instructions": ["Read **all** of it."], "target_team": [str(world.team("Onboarding").pk)]}
    form |= {"accept_within": ["1 h 30 m"], "complete_within": ["16 h"]}
    form = one_more(form, "fields", label="Signed on", type="date", side="sender", required="on")
    form = one_more(form, "fields", label="Risk", type="choice", side="sender", choices="Low\nHigh\nLow", internal="on")
    form = one_more(form, "items", label="Call the client", side="receiver", required="on")
    form = one_more(form, "slots", label="Contract", side="sender", limit=3, accepts="application/pdf\nimage/*")
    answer = browser.post(page(draft), form)
    assert answer.status_code == 302, answer.context_data["errors"]

    draft.refresh_from_db()
    assert (draft.accept_within, draft.complete_within) == (timedelta(minutes=90), timedelta(hours=16))
    assert draft.target_team == world.team("Onboarding")
    asked = specification(draft)
    assert [(f.key, f.type.name, f.required, f.internal, f.choices) for f in asked.side(Side.SENDER)] == [
        ("signed_on", "date", True, False, ()),
        ("risk", "choice", False, True, ("Low", "High")),
    ]
    assert [(item.key, item.side, item.required) for item in asked.items] == [("call_the_client", "receiver", True)]
    assert [(slot.key, slot.accepts, slot.limit) for slot in asked.slots] == [
        ("contract", ("application/pdf", "image/*"), 3)
    ]

    assert browser.get(f"handoffs/templateversion/{draft.pk}/publish/").status_code == 200
    draft.refresh_from_db()
    assert draft.published_at is None  # looking changes nothing
    assert browser.post(f"handoffs/templateversion/{draft.pk}/publish/").status_code == 302
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert draft.published_by is not None
    assert draft.published_by.name.lower() == name
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="Aker", template=draft)
    assert made.template_version == draft


def test_a_revision_begins_as_a_copy_and_leaves_the_original(
    world: World, olga: Visitor, draft: TemplateVersion
) -> None:
    first = world.template("sbar")
    before = content(first)
    form = olga.form(page(draft))
    assert form["fields-TOTAL_FORMS"] == ["5"]
    form["fields-0-label"], form["fields-1-DELETE"] = ["Situation now"], ["on"]
    assert olga.post(page(draft), form).status_code == 302
    labels = [field.label for field in specification(draft).side(Side.SENDER)]
    assert labels == ["Situation now", "Assessment", "Recommendation"]
    assert content(first) == before
    # Revising twice leads to the same draft.
    assert olga.post(f"{LIST}{first.template.pk}/revise/")["Location"].endswith(page(draft))


def test_fields_are_put_in_another_order(world: World, olga: Visitor, draft: TemplateVersion) -> None:
    form = olga.form(page(draft))
    for n, position in enumerate((3, 2, 1, 0)):
        form[f"fields-{n}-position"] = [str(position)]
    assert olga.post(page(draft), form).status_code == 302
    keys = [field.key for field in specification(draft).side(Side.SENDER)]
    assert keys == ["recommendation", "assessment", "background", "situation"]


def test_a_published_version_cannot_be_changed_by_a_forged_post(
    world: World, olga: Visitor, draft: TemplateVersion
) -> None:
    first = world.template("sbar")
    before = content(first)
    forged = olga.form(page(draft))
    rows = list(FieldDefinition.objects.filter(version=first).order_by("-side", "position"))
    for n, row in enumerate(rows):
        forged[f"fields-{n}-id"], forged[f"fields-{n}-version"] = [str(row.pk)], [str(first.pk)]
        forged[f"fields-{n}-label"] = ["Forged"]
    forged["instructions"] = ["Forged"]
    assert olga.post(page(first), forged).status_code == 403
    assert content(first) == before
    # Nor through the draft's own page, with the published rows named in it.
    olga.post(page(draft), forged)
    assert content(first) == before


def test_publishing_while_somebody_writes(world: World, olga: Visitor, draft: TemplateVersion) -> None:
    form = olga.form(page(draft))
    olga.post(f"handoffs/templateversion/{draft.pk}/publish/")
    before = content(draft)
    assert olga.post(page(draft), {**form, "instructions": ["Too late"]}).status_code == 403
    assert content(draft) == before
    assert olga.post(f"handoffs/templateversion/{draft.pk}/publish/").status_code == 302  # twice is once
    assert content(draft) == before


def test_a_published_version_is_read_in_lines(world: World, olga: Visitor) -> None:
    answer = olga.get(page(world.template("sbar")))
    assert "What is going on right now?" in answer.content.decode()
    assert "_save" not in filled(answer)
    assert "fields-0-label" not in filled(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"accept_within": "soon"}, "Write it like 4 h, 30 m or 1 h 30 m."),
        ({"accept_within": "0 m"}, "more than nothing"),
        ({"complete_within": "999999 h"}, "at most 10000 h"),
        ({"target_team": "999999999999999999999"}, "Select a valid choice"),
        ({"fields-0-type": "choice"}, "Give at least one choice."),
        ({"fields-0-type": "sculpture"}, "Select a valid choice"),
        ({"fields-0-key": "two words"}, "valid “slug”"),
        ({"fields-0-label": ""}, "This field is required"),
        ({"fields-0-key": "background"}, "duplicate"),
        ({"fields-0-position": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_makes_no_sense_comes_back(
    world: World, olga: Visitor, draft: TemplateVersion, given: dict[str, str], sentence: str
) -> None:
    before = content(draft)
    answer = olga.save(page(draft), **given)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert content(draft) == before


def test_a_part_named_like_another_is_refused(world: World, olga: Visitor, draft: TemplateVersion) -> None:
    form = one_more(olga.form(page(draft)), "items", label="Call", side="sender")
    form = one_more(form, "items", label="Call", side="receiver")
    answer = olga.post(page(draft), form)
    assert answer.status_code == 200
    assert not ChecklistDefinition.objects.filter(version=draft).exists()


def test_a_template_is_renamed_and_retired(world: World, olga: Visitor) -> None:
    template = world.template("sbar").template
    olga.save(page(template), name="Situation report", retired="on")
    template.refresh_from_db()
    assert template.name == "Situation report"
    retired_at = template.retired_at
    assert retired_at is not None
    assert template not in {version.template for version in TemplateVersion.objects.current()}
    olga.save(page(template), description="Longer")
    template.refresh_from_db()
    assert (template.retired_at, template.description) == (retired_at, "Longer")
    form = olga.form(page(template))
    del form["retired"]
    olga.post(page(template), form)
    template.refresh_from_db()
    assert template.retired_at is None


def test_a_name_is_taken_once(world: World, olga: Visitor) -> None:
    answer = olga.save(f"{LIST}add/", name="SBAR")
    assert answer.status_code == 200
    assert "There is already one of this name." in answer.content.decode()
    answer = olga.save(page(world.template("ipass").template), name="SBAR")
    assert "There is already one of this name." in answer.content.decode()
