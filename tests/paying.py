"""Payments whose amount, day and payee are read back on accepting."""

from collections.abc import Mapping
from typing import Any

from handoffs.actions.templates import create_template, publish, write
from handoffs.definition.read_back import Grade
from handoffs.lifecycle import State
from handoffs.models import FieldDefinition, Handoff, TemplateVersion
from tests.world import World

FACTS = {"amount": "4200.50", "due": "2026-12-01", "payee": "Northwind Ltd."}
SAID = {"amount": "€ 4,200.50", "due": "1 December 2026", "payee": "northwind  ltd"}


def template(world: World, grade: Grade, facts: Mapping[str, str] | None = None) -> TemplateVersion:
    """A payment with three key facts, published."""
    draft = create_template(name=f"Payment {grade.label[:10]}", for_clients=True, by=world.olga, at=world.now)
    kinds = facts or {"amount": "number", "due": "date", "payee": "text"}
    parts: list[Any] = [
        FieldDefinition(side="sender", key=key, label=key.capitalize(), type=kind, key_fact=True)
        for key, kind in kinds.items()
    ]
    parts.append(FieldDefinition(side="sender", key="why", label="Why", type="long_text"))
    write(version=draft, parts=parts, read_back=grade, by=world.olga, at=world.now)
    return publish(version=draft, by=world.olga, at=world.now)


def payment(world: World, grade: Grade = Grade.FULL, at: State = State.OFFERED, **given: Any) -> Handoff:
    return world.handoff(at=at, template=template(world, grade), context={**FACTS, "why": "A refund"}, **given)
