"""A template of optional parts only, and first offers of it that lack some: what was there is noted as it happens."""

from dataclasses import dataclass, field
from random import Random

from django.core.files.base import ContentFile

from handoffs import actions, keeping
from handoffs.actions.templates import create_template, publish, write
from handoffs.models import ChecklistDefinition, DocumentSlot, FieldDefinition, Handoff, TemplateVersion
from handoffs.sides import Side
from tests.world import FOUNDED, World

ROOM, CHECKED, PLAN = ("context", "room"), ("checklist", "checked"), ("documents", "plan")
PARTS = (ROOM, CHECKED, PLAN)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def template(world: World) -> TemplateVersion:
    """“Move-in”: a room, a check and a plan; none of them required."""
    version = create_template(name="Move-in", for_clients=True, by=world.olga, at=FOUNDED)
    here = {"side": Side.SENDER, "required": False}
    parts = [
        FieldDefinition(key="room", label="Room number", type="text", **here),
        FieldDefinition(key="findings", label="Findings", type="text", side=Side.RECEIVER),
        ChecklistDefinition(key="checked", label="Heating was checked", position=1, **here),
        DocumentSlot(key="plan", label="Floor plan", position=2, **here),
    ]
    write(version=version, parts=parts, by=world.olga, at=FOUNDED)
    return publish(version=version, by=world.olga, at=FOUNDED)


@dataclass
class Noted:
    """What one looks up by hand: what each first offer lacked, of those that came back and of those that did not."""

    returned: list[set[tuple[str, str]]] = field(default_factory=list)
    good: list[set[tuple[str, str]]] = field(default_factory=list)

    def lacked(self, part: tuple[str, str]) -> tuple[int, int, int, int]:
        """Of those that came back how many, and of how many; and the same of the others."""
        returned, good = (sum(part in each for each in them) for them in (self.returned, self.good))
        return returned, len(self.returned), good, len(self.good)


def offers(world: World, version: TemplateVersion, lacking: list[set[tuple[str, str]]], returned: list[bool]) -> Noted:
    """First offers to Onboarding with everything but that; Ben returns some, and Ana sends those whole afterwards."""
    noted = Noted()
    for lacks, comes_back in zip(lacking, returned, strict=True):
        handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="Flat", template=version)
        for part in set(PARTS) - lacks:
            give(handoff, world, part)
        handoff = _offer(handoff, world)
        if comes_back:
            handoff = actions.return_(
                handoff, by=world.ben, at=world.later(minutes=1), reason="?", reason_code="missing_information"
            )
            for part in lacks:
                give(handoff, world, part)
            handoff = _offer(handoff, world)
        actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
        (noted.returned if comes_back else noted.good).append(lacks)
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass
    return noted


def any_offers(world: World, version: TemplateVersion, seed: int, number: int) -> Noted:
    """Offers in which chance says what is missing and what comes back."""
    chance = Random(seed)
    lacking = [{part for part in PARTS if chance.random() < 0.4} for _ in range(number)]
    return offers(world, version, lacking, [chance.random() < 0.5 for _ in range(number)])


def give(handoff: Handoff, world: World, part: tuple[str, str]) -> None:
    """Ana adds it."""
    handoff.refresh_from_db()
    if part == ROOM:
        actions.edit(handoff, by=world.ana, at=world.later(minutes=1), context={"room": "12"})
    elif part == CHECKED:
        actions.tick(handoff, by=world.ana, at=world.later(minutes=1), item="checked")
    else:
        file = ContentFile(PDF, name="plan.pdf")
        actions.attach(handoff, by=world.ana, at=world.later(minutes=1), file=file, name="plan.pdf", slot="plan")


def _offer(handoff: Handoff, world: World) -> Handoff:
    handoff.refresh_from_db()
    return actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
