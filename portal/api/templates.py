"""Templates: what handoffs of each kind must carry, as JSON Schema."""

from datetime import timedelta

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.definition.specification import Specification, specification
from handoffs.models import Side, TemplateVersion
from portal.api import shapes
from portal.api.endpoint import Endpoint
from portal.api.paging import page
from portal.api.people import templates_known_to
from portal.api.problems import nothing_here
from portal.api.read_back import grade_of
from portal.api.schema import lists, says
from tenants.models import Member


class Templates(Endpoint):
    """The templates in use."""

    @extend_schema(
        operation_id="list_templates",
        tags=["templates"],
        summary="List templates",
        responses=lists(shapes.Template, "Every template in use, as its newest published version; all on one page."),
    )
    def get(self, request: Request) -> Response:
        """Templates in use; a client sees those for clients."""
        return page(request, [template(version, self.member) for version in templates_known_to(self.member)], None)


class OneVersion(Endpoint):
    """One published version; a running handoff keeps the one it began with."""

    @extend_schema(
        operation_id="read_template",
        tags=["templates"],
        summary="Read one version of a template",
        responses=says(shapes.Template, "The version.", 404),
    )
    def get(self, request: Request, template_id: int, number: int) -> Response:
        """The version, also when a newer one is in use or the template is retired."""
        versions = TemplateVersion.objects.filter(
            organization_id=self.member.organization_id, published_at__isnull=False
        )
        if self.member.role == Member.Role.CLIENT:
            versions = versions.filter(template__for_clients=True)
        known = versions.select_related("template", "target_team")
        found = known.filter(template_id=template_id, number=number).first()
        if found is None:
            raise nothing_here()
        return Response(template(found, self.member))


def template(version: TemplateVersion, reader: Member) -> shapes.Template:
    """One version; a client is not shown what is internal."""
    assert version.published_at is not None
    asked, internal = specification(version), reader.role != Member.Role.CLIENT
    target = version.target_team
    return {
        "id": version.template_id,
        "name": version.template.name,
        "version": version.number,
        "description": version.template.description,
        "instructions": version.instructions,
        "for_clients": version.template.for_clients,
        "published_at": version.published_at,
        "target_team": {"id": target.pk, "name": target.name} if target else None,
        "accept_within_seconds": _seconds(version.accept_within),
        "start_within_seconds": _seconds(version.start_within),
        "complete_within_seconds": _seconds(version.complete_within),
        "answer_within_seconds": _seconds(version.answer_within),
        "read_back": grade_of(version),
        "key_facts": [fact.key for fact in asked.key_facts],
        "context_schema": asked.schema(Side.SENDER, internal=internal),
        "result_schema": asked.schema(Side.RECEIVER, internal=internal),
        "checklist": _checklist(asked, internal),
        "documents": _slots(asked, internal),
    }


def _checklist(asked: Specification, internal: bool) -> list[shapes.TemplateItem]:
    return [
        {"key": i.key, "label": i.label, "side": i.side, "required": i.required, "internal": i.internal}
        for i in asked.items
        if internal or not i.internal
    ]


def _slots(asked: Specification, internal: bool) -> list[shapes.DocumentSlot]:
    return [
        {
            "key": slot.key,
            "label": slot.label,
            "side": slot.side,
            "required": slot.required,
            "internal": slot.internal,
            "accepts": list(slot.accepts),
            "limit": slot.limit,
        }
        for slot in asked.slots
        if internal or not slot.internal
    ]


def _seconds(within: timedelta | None) -> int | None:
    return int(within.total_seconds()) if within is not None else None
