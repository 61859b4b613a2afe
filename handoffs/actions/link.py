"""Link: an address that belongs to the work."""

from datetime import datetime

from handoffs.actions._words import optional, required
from handoffs.actions.note import refuse_internal_from_clients
from handoffs.definition.fields import clean_url
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.models import Link
from handoffs.passage import passage
from handoffs.refusals import Invalid
from tenants.models import Member


def link(handoff: Handoff, *, by: Member, at: datetime, url: str, label: str = "", internal: bool = False) -> Handoff:
    """Adds an http(s) address; the same address twice changes nothing."""
    refuse_internal_from_clients(by, internal)
    with passage(handoff, Verb.LINK, by=by, at=at) as step:
        here = {"organization_id": by.organization_id, "handoff_id": handoff.id}
        if step.is_repeat(Link.objects.filter(**here, url=url.strip(), added_by=by).exists()):
            return step.handoff
        try:
            address = clean_url(required(Verb.LINK, "url", url, limit=2000))
        except ValueError as error:
            raise Invalid(f"The link {error}.", code="not_a_link", details={"field": "url"}) from None
        shown = optional("label", label, limit=200) or address[:200]
        made = Link.objects.create(**here, url=address, label=shown, internal=internal, added_by=by, added_at=step.at)
        step.record(internal=internal, link=made.id, label=shown)
    return step.handoff
