"""A published document names things as they were called then; what is copied from it names them as they are called."""

from typing import Any

from handoffs.models import FlowVersion, Pin


def named_as_today(version: FlowVersion) -> dict[str, Any]:
    """The document of a version; of a published one with what its pins point at under the names of today."""
    document: dict[str, Any] = version.document
    if not version.is_frozen:
        return document
    pins = Pin.objects.filter(organization_id=version.organization_id, version=version)
    steps, roles = {}, {}
    for pin in pins.select_related("template_version__template", "flow_version__flow", "team"):
        if pin.template_version is not None:
            steps[pin.step] = {"template": pin.template_version.template.name}
        elif pin.flow_version is not None:
            steps[pin.step] = {"flow": pin.flow_version.flow.name}
        elif pin.team is not None and pin.member_id is None:
            roles[pin.role] = {"team": pin.team.name}
    return {
        **document,
        "roles": [{**role, **roles.get(role["key"], {})} for role in document.get("roles", ())],
        "steps": [{**step, **steps.get(step["key"], {})} for step in document.get("steps", ())],
    }
