"""Templates: a first draft, and a next draft that starts as a copy of the newest version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from handoffs.models import (
    ChecklistDefinition,
    DocumentSlot,
    FieldDefinition,
    HandoffTemplate,
    TemplateVersion,
)
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization, saving

PARTS: Sequence[type[Model]] = (FieldDefinition, ChecklistDefinition, DocumentSlot)


def create_template(
    *, name: str, by: Member, at: datetime, description: str = "", for_clients: bool = False, kit: str = ""
) -> TemplateVersion:
    """A template with an empty draft as version 1."""
    must_run_the_organization(by)
    template = HandoffTemplate(
        organization_id=by.organization_id,
        name=name,
        description=description,
        for_clients=for_clients,
        kit=kit,
        created_at=at,
    )
    with saving():
        template.full_clean(exclude=["organization"])
        template.save()
        return TemplateVersion.objects.create(organization_id=by.organization_id, template=template, created_at=at)


def revise(*, template: HandoffTemplate, by: Member, at: datetime) -> TemplateVersion:
    """The draft to work on: the one that is there, or a copy of the newest version."""
    must_be_home(by, template)
    must_run_the_organization(by)
    HandoffTemplate.objects.select_for_update().get(pk=template.pk)
    newest = TemplateVersion.objects.filter(template=template).latest("number")
    if not newest.is_frozen:
        return newest
    return _copy(newest, at)


def _copy(version: TemplateVersion, at: datetime) -> TemplateVersion:
    parts: list[Any] = [row for part in PARTS for row in part._default_manager.filter(version=version)]
    draft = TemplateVersion(
        organization_id=version.organization_id,
        template_id=version.template_id,
        number=version.number + 1,
        instructions=version.instructions,
        target_team_id=version.target_team_id,
        accept_within=version.accept_within,
        start_within=version.start_within,
        answer_within=version.answer_within,
        complete_within=version.complete_within,
        ladder_id=version.ladder_id,
        read_back=version.read_back,
        created_at=at,
    )
    draft.save(force_insert=True)
    for row in parts:
        row.pk, row.version = None, draft
        row._state.adding = True
        row.save(force_insert=True)
    return draft
