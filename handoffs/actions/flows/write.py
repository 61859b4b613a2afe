"""Write a draft: the whole document of the next version of a flow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.flows import document as documents
from handoffs.flows.editing import fingerprint
from handoffs.models import FlowVersion
from tenants.models import Member
from tenants.refusals import Conflict, Invalid
from tenants.rules import must_be_home, must_run_the_organization


def write_flow(
    *, version: FlowVersion, document: Mapping[str, Any], by: Member, at: datetime, base: str = ""
) -> FlowVersion:
    """Replaces a draft's document. It must be well formed; whether it makes sense is asked when it is published.

    `base` is the fingerprint of the document that the change was made to, where somebody else may have made another.
    Raises Forbidden not_an_admin, Conflict version_published, flow_changed, Invalid flow_unreadable with the list in
    its details.
    """
    must_be_home(by, version)
    must_run_the_organization(by)
    draft = (
        FlowVersion.objects.select_for_update(of=("self",))
        .select_related("flow")
        .get(organization_id=by.organization_id, pk=version.pk)
    )
    if draft.is_frozen:
        raise Conflict("This version is published and never changes; revise the flow.", code="version_published")
    if base and base != fingerprint(draft.document):
        raise Conflict(
            "This flow was changed by somebody else meanwhile. Yours is not saved yet: look at it, and save again.",
            code="flow_changed",
        )
    draft.document = clean_document(document)
    draft.save(update_fields=["document"])
    return draft


def clean_document(document: Any) -> dict[str, Any]:
    """The document as it is stored. Raises Invalid flow_unreadable."""
    try:
        return documents.written(documents.read(document))
    except documents.Unreadable as fault:
        raise unreadable(fault) from None


def unreadable(fault: documents.Unreadable) -> Invalid:
    """The refusal that carries every place that could not be read."""
    return Invalid(
        f"This cannot be read as a flow. {fault}",
        code="flow_unreadable",
        details={"problems": [problem.as_data() for problem in fault.problems]},
    )
