"""Equip: a new organization gets its standard ladder and the starter templates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from handoffs.actions.templates.ladders import create_ladder
from handoffs.actions.templates.publish import publish
from handoffs.actions.templates.revise import create_template
from handoffs.definition.kits import KITS, Kit, KitField, KitSlot
from handoffs.models import (
    ChecklistDefinition,
    DocumentSlot,
    FieldDefinition,
    HandoffTemplate,
    Ladder,
    Side,
    TemplateVersion,
)
from tenants.models import Member


def equip(*, by: Member, at: datetime, kits: Sequence[Kit] = KITS) -> list[TemplateVersion]:
    """Makes what is not there yet and returns the published versions it made; run again, it makes nothing."""
    here = {"organization_id": by.organization_id}
    if not Ladder.objects.filter(**here, is_standard=True).exists():
        create_ladder(name="Standard", by=by, at=at, standard=True)
    present = set(HandoffTemplate.objects.filter(**here).exclude(kit="").values_list("kit", flat=True))
    return [_install(kit, by, at) for kit in kits if kit.key not in present]


def _install(kit: Kit, by: Member, at: datetime) -> TemplateVersion:
    version = create_template(
        name=kit.name, description=kit.description, for_clients=kit.for_clients, kit=kit.key, by=by, at=at
    )
    version.instructions = kit.instructions
    version.accept_within, version.complete_within = kit.accept_within, kit.complete_within
    version.read_back = kit.read_back
    version.save()
    here: dict[str, Any] = {"organization_id": by.organization_id, "version": version}
    FieldDefinition.objects.bulk_create(_fields(kit, here))
    ChecklistDefinition.objects.bulk_create(_items(kit, here))
    DocumentSlot.objects.bulk_create(_slots(kit, here))
    return publish(version=version, by=by, at=at)


def _fields(kit: Kit, here: dict[str, Any]) -> Iterator[FieldDefinition]:
    for side, fields in ((Side.SENDER, kit.context), (Side.RECEIVER, kit.result)):
        for position, field in enumerate(fields):
            yield _field(field, {**here, "side": side, "position": position})


def _field(field: KitField, here: dict[str, Any]) -> FieldDefinition:
    return FieldDefinition(
        **here,
        key=field.key,
        label=field.label,
        type=field.type,
        required=field.required,
        help=field.help,
        choices=list(field.choices),
        internal=field.internal,
        key_fact=field.key_fact,
    )


def _items(kit: Kit, here: dict[str, Any]) -> Iterator[ChecklistDefinition]:
    for side, items in ((Side.SENDER, kit.prepare), (Side.RECEIVER, kit.verify)):
        for position, (key, label, required) in enumerate(items):
            yield ChecklistDefinition(**here, side=side, position=position, key=key, label=label, required=required)


def _slots(kit: Kit, here: dict[str, Any]) -> Iterator[DocumentSlot]:
    for side, slots in ((Side.SENDER, kit.give), (Side.RECEIVER, kit.deliver)):
        for position, slot in enumerate(slots):
            yield _slot(slot, {**here, "side": side, "position": position})


def _slot(slot: KitSlot, here: dict[str, Any]) -> DocumentSlot:
    return DocumentSlot(
        **here,
        key=slot.key,
        label=slot.label,
        required=slot.required,
        accepts=list(slot.accepts),
        limit=slot.limit,
    )
