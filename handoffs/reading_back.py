"""What a receiver reads back on accepting, what stays covered until then, and what was read back in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoffs.custody.models import Custody
from handoffs.definition.fields import is_given
from handoffs.definition.read_back import Grade
from handoffs.definition.specification import Field, specification
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.lifecycle import Verb
from handoffs.parties import may_receive
from tenants.models import Member


@dataclass(frozen=True)
class ReadBack:
    """What is asked: the grade, the key facts that were given, and what stands there, by key."""

    grade: Grade = Grade.OFF
    facts: tuple[Field, ...] = ()
    values: Mapping[str, Any] | None = None

    def stands(self, fact: Field) -> Any:
        """The value of one key fact."""
        return (self.values or {})[fact.key]

    @property
    def right(self) -> dict[str, Any]:
        """The words for `accept` of somebody who has understood: for what is played, in the sandbox and the demo."""
        if self.grade is Grade.OFF:
            return {}
        if self.grade is Grade.ONE_TAP:
            return {"facts_read": True}
        return {"read_back": {fact.key: self.stands(fact) for fact in self.facts}}


NOTHING = ReadBack()


def may_ask(handoff: Handoff) -> bool:
    """Whether accepting it asks anything of anybody; costs nothing where the template does not."""
    version = handoff.template_version
    if version is None or version.read_back == Grade.OFF or handoff.imported:
        return False
    return any(is_given(handoff.context.get(fact.key)) for fact in specification(version).key_facts)


def asked_of(handoff: Handoff, member: Member) -> ReadBack:
    """What this member reads back on accepting: nothing when they held it before, for then they know it."""
    version = handoff.template_version
    if version is None or not may_ask(handoff):
        return NOTHING
    here = {"organization_id": handoff.organization_id, "handoff_id": handoff.pk}
    if Custody.objects.filter(**here, holder=member).exists():
        return NOTHING
    facts = tuple(f for f in specification(version).key_facts if is_given(handoff.context.get(f.key)))
    return ReadBack(Grade(version.read_back), facts, handoff.context)


def covered(handoff: Handoff, member: Member) -> frozenset[str]:
    """The keys of the key facts that this member is not shown yet: those they would restate on accepting."""
    version, offer = handoff.template_version, handoff.open_offer
    if version is None or version.read_back != Grade.FULL or offer is None:
        return frozenset()
    if handoff.custodian_id == member.id or not may_receive(offer, member):
        return frozenset()
    return frozenset(fact.key for fact in asked_of(handoff, member).facts)


def evidence(handoff: Handoff) -> Event | None:
    """The acceptance in which key facts were last read back; its facts say which, and what was said."""
    if handoff.template_version is None or handoff.template_version.read_back == Grade.OFF:
        return None
    accepted = Event.objects.filter(organization_id=handoff.organization_id, verb=Verb.ACCEPT)
    return accepted.of(handoff.pk).filter(facts__has_key="read_back").select_related("by").last()
