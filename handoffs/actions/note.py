"""Note: words beside the work."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.delivery.sight import mentionable
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.models import Note
from handoffs.packet.mentions import mentioned
from handoffs.passage import passage
from handoffs.refusals import Forbidden
from tenants.models import Member


def note(handoff: Handoff, *, by: Member, at: datetime, body: str, internal: bool = False) -> Handoff:
    """Adds a note for everyone on the handoff, or for the organization's own people only; “@Name” tells that person."""
    refuse_internal_from_clients(by, internal)
    with passage(handoff, Verb.NOTE, by=by, at=at) as step:
        here = {"organization_id": by.organization_id, "handoff_id": handoff.id}
        last = Note.objects.filter(**here).order_by("-id").first()
        repeated = last is not None and (last.written_by_id, last.body, last.internal) == (
            by.id,
            body.strip(),
            internal,
        )
        if step.is_repeat(repeated):
            return step.handoff
        words = required(Verb.NOTE, "note", body)
        written = Note.objects.create(**here, body=words, internal=internal, written_by=by, written_at=step.at)
        told = _mentioned(step.handoff, by, words, internal=internal)
        step.record(internal=internal, note=written.id, **({"mentioned": told} if told else {}))
    return step.handoff


def _mentioned(handoff: Handoff, by: Member, words: str, *, internal: bool) -> list[int]:
    if "@" not in words:
        return []
    return mentioned(words, mentionable(handoff, by, internal=internal).values_list("id", "name"))


def refuse_internal_from_clients(by: Member, internal: bool) -> None:
    """A client cannot put something where they could not see it themselves."""
    if internal and by.role == Member.Role.CLIENT:
        raise Forbidden("Only the organization's own people keep things internal.", code="internal_not_for_clients")
