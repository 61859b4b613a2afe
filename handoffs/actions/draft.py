"""Draft: the author writes down what is to be handed over and holds it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs import passage
from handoffs.actions._transfer import refuse_while_away
from handoffs.actions._words import optional, required
from handoffs.custody import passing
from handoffs.definition.specification import Specification, specification
from handoffs.handoff import Counter, Handoff, Priority
from handoffs.lifecycle import RULES, Verb
from handoffs.models import ChecklistItem, Side, TemplateVersion
from handoffs.refusals import Incomplete, Invalid, NotNow, not_yours
from tenants.access import Permission, may
from tenants.models import Member, Team, Workspace


def draft(
    workspace: Workspace,
    *,
    by: Member,
    at: datetime,
    title: str,
    summary: str = "",
    template: TemplateVersion | None = None,
    context: Mapping[str, Any] | None = None,
    priority: Priority = Priority.NORMAL,
    from_team: Team | None = None,
    imported: bool = False,
    number: int | None = None,
) -> Handoff:
    """Makes a handoff that its author holds. Incomplete context may be filled in later; wrong context is refused.

    `number` is one that was taken before, so that work in bulk does not queue for it. Raises `Forbidden` for who may
    not send here, `Invalid` for what cannot be taken.
    """
    _refuse(workspace, by)
    if not imported:
        refuse_while_away(Verb.DRAFT, by, at)
    asked = _usable(template, by)
    content = _content(asked, by, title, summary, context or {})
    team = from_team or home_team(by)
    handoff = Handoff.objects.create(
        organization_id=by.organization_id,
        number=number or Counter.take(by.organization_id),
        workspace=workspace,
        template_version=template,
        priority=priority,
        created_at=at,
        changed_at=at,
        imported=imported,
        **content,
        **passing.authored(by, team),
    )
    passing.begin(handoff, by, at=at)
    ChecklistItem.objects.bulk_create(lay_out_checklist(handoff, asked))
    passage.enter(handoff, by=by, at=at, title=handoff.title, template=str(template) if template else "")
    return handoff


def _refuse(workspace: Workspace, by: Member) -> None:
    """Nothing begins where one may not send, nor where all has ended."""
    if not may(by, Permission.SEND, workspace):
        raise not_yours(Verb.DRAFT, RULES[Verb.DRAFT].by)
    if workspace.closed_at is not None:
        raise NotNow(f"{workspace.name} is closed; choose another workspace.", code="workspace_closed")


def _content(asked: Specification, by: Member, title: str, summary: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """What the author wrote, as it is stored."""
    values, wrong = asked.clean(Side.SENDER, context, internal=by.role != Member.Role.CLIENT)
    if wrong:
        raise Incomplete("wrong_context", " ".join(shortfall.sentence for shortfall in wrong), wrong)
    return {
        "title": required(Verb.DRAFT, "title", title, limit=200),
        "summary": optional("summary", summary),
        "context": {key: value for key, value in values.items() if value is not None},
    }


def _usable(template: TemplateVersion | None, by: Member) -> Specification:
    if template is None:
        return specification(None)
    if not template.is_frozen or template.template.retired_at is not None:
        raise Invalid("This template is not in use; choose a published one.", code="template_not_published")
    if by.role == Member.Role.CLIENT and not template.template.for_clients:
        raise Invalid("This template is not for clients; choose another.", code="template_not_for_clients")
    return specification(template)


def home_team(member: Member) -> Team | None:
    """The sending side of the lane when nobody named it: the team the member joined first."""
    ids = member.standing.team_ids
    if not ids:
        return None
    return Team.objects.filter(organization_id=member.organization_id, id__in=sorted(ids)).order_by("id").first()


def lay_out_checklist(handoff: Handoff, asked: Specification) -> list[ChecklistItem]:
    """The rows of what is to be ticked, not saved yet."""
    return [
        ChecklistItem(
            organization_id=handoff.organization_id,
            handoff=handoff,
            position=position,
            key=item.key,
            label=item.label,
            side=item.side,
            required=item.required,
            internal=item.internal,
        )
        for position, item in enumerate(asked.items)
    ]
