"""What the names of a case's plan mean: the template of a step, the flow that a step launches."""

from handoffs.flows.versions import pins_of
from handoffs.models import Case, FlowVersion, TemplateVersion


def template_of(case: Case, step: str) -> TemplateVersion | None:
    """The template version of a step; of one that was added to this case, what it meant then."""
    added = next((stored for stored in case.amendments if stored["step"]["key"] == step), None)
    if added is None:
        found: TemplateVersion | None = pins_of(case.flow_version).template_version(step)
        return found
    versions = TemplateVersion.objects.select_related("template", "ladder")
    return versions.filter(organization_id=case.organization_id, pk=added.get("template_version") or 0).first()


def flow_of(case: Case, step: str) -> FlowVersion:
    """The version of the other flow that a step launches."""
    found = pins_of(case.flow_version).flow_version(step)
    assert found is not None, "published flows name only flows that there are"
    return found
