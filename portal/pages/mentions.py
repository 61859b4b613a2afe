"""Who was told because a note mentions them, and who was meant but does not see it."""

from handoffs.lifecycle import Verb
from handoffs.models import Event, Handoff, Note
from handoffs.packet.mentions import mentioned
from tenants.models import Member, Role


def told_in_words(handoff: Handoff, by: Member) -> str:
    """A sentence or two about the newest note of this member; nothing when it mentions nobody."""
    event = Event.objects.of(handoff.pk).filter(verb=Verb.NOTE, by=by).last()
    note = Note.objects.filter(id=event.facts.get("note")).first() if event else None
    if event is None or note is None or "@" not in note.body:
        return ""
    told = event.facts.get("mentioned", [])
    names = _names(told)
    sentences = [f"{_listed(names)} {'is' if len(names) == 1 else 'are'} told."] if names else []
    missed = _missed(note, by, told)
    if missed:
        sentences.append(f"{_listed(missed)} cannot see this and {'was' if len(missed) == 1 else 'were'} not told.")
    return " ".join(sentences)


def _missed(note: Note, by: Member, told: list[int]) -> list[str]:
    """Colleagues who were meant; a client is not told whether there is such a person."""
    if by.role == Role.CLIENT:
        return []
    everybody = Member.objects.people().filter(organization_id=by.organization_id, left_at=None)
    meant = mentioned(note.body, everybody.values_list("id", "name"))
    return _names([id for id in meant if id not in told and id != by.pk])


def _names(ids: list[int]) -> list[str]:
    names = dict(Member.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}
    return [names[id] for id in ids if id in names]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
