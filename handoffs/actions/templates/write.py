"""Write a draft: everything the next version of a template is to ask for, as one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import slugify

from handoffs.actions.templates._read_back import refuse_read_back
from handoffs.definition.models import Part
from handoffs.definition.read_back import Grade
from handoffs.escalation.models import Ladder
from handoffs.models import ChecklistDefinition, DocumentSlot, FieldDefinition, TemplateVersion
from tenants.models import Member, Team
from tenants.refusals import Conflict, Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving

PROMISES = ("accept_within", "start_within", "complete_within", "answer_within")
KINDS: Sequence[type[Part]] = (FieldDefinition, ChecklistDefinition, DocumentSlot)


def write(
    *,
    version: TemplateVersion,
    parts: Sequence[Part],
    by: Member,
    at: datetime,
    instructions: str = "",
    target_team: Team | None = None,
    accept_within: timedelta | None = None,
    start_within: timedelta | None = None,
    complete_within: timedelta | None = None,
    answer_within: timedelta | None = None,
    ladder: Ladder | None = None,
    read_back: Grade = Grade.OFF,
) -> TemplateVersion:
    """Replaces what a draft asks for by `parts`, in their order; a part without a key is given one of its label.

    Raises Conflict version_published, Forbidden not_an_admin, Invalid (too_many_key_facts among others).
    """
    must_be_home(by, version, target_team, ladder)
    must_run_the_organization(by)
    draft = TemplateVersion.objects.select_for_update(of=("self",)).get(
        organization_id=by.organization_id, pk=version.pk
    )
    if draft.is_frozen:
        raise Conflict("This version is published and never changes; revise the template.", code="version_published")
    draft.instructions, draft.target_team, draft.ladder = instructions, target_team, ladder
    draft.accept_within, draft.start_within = accept_within, start_within
    draft.complete_within, draft.answer_within = complete_within, answer_within
    draft.read_back = read_back
    with saving():
        draft.full_clean(exclude=["organization", "template"], validate_unique=False, validate_constraints=False)
        draft.save(update_fields=["instructions", "target_team", "ladder", "read_back", *PROMISES])
        _replace(draft, parts)
    refuse_read_back(draft)
    return draft


def _replace(draft: TemplateVersion, parts: Sequence[Part]) -> None:
    """Deletes the old parts before the first new one is written: keys may have been swapped."""
    here: dict[str, Any] = {"organization_id": draft.organization_id, "version": draft}
    own: dict[type[Part], set[int]] = {}
    for kind in KINDS:
        rows = kind._default_manager.filter(**here)
        own[kind] = set(rows.values_list("pk", flat=True))
        rows.delete()
    taken: set[tuple[type[Part], str, str]] = set()
    for position, part in enumerate(parts):
        part.organization_id, part.position = draft.organization_id, position
        setattr(part, "version", draft)  # noqa: B010  (each kind of part has its own reference)
        if part.pk not in own[type(part)]:
            part.pk = None
        _name(part, taken)
        part.full_clean(exclude=["organization", "version"], validate_unique=False, validate_constraints=False)
        part.save(force_insert=True)


def _name(part: Part, taken: set[tuple[type[Part], str, str]]) -> None:
    """Sees to a key that is unique where it must be: fields on their side, items and slots in the version."""
    side = part.side if isinstance(part, FieldDefinition) else ""
    if not part.key:
        stem = slugify(part.label)[:36].replace("-", "_") or "part"
        names = [stem, *(f"{stem}_{n}" for n in range(2, 1000))]
        part.key = next(name for name in names if (type(part), side, name) not in taken)
    if (type(part), side, part.key) in taken:
        raise Invalid(f"Two parts are called “{part.key}”; each needs a key of its own.", code="key_taken")
    taken.add((type(part), side, part.key))
