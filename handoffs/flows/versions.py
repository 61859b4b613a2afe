"""Versions as plain data: the plan of one, and what its names were pinned to."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from handoffs.flows import document
from handoffs.flows.models import FlowVersion, Pin
from handoffs.flows.plan import Plan


@dataclass(frozen=True)
class Pinned:
    """What one name meant when the version was published, by id."""

    template_version_id: int | None = None
    flow_version_id: int | None = None
    team_id: int | None = None
    member_id: int | None = None


@dataclass(frozen=True)
class Pins:
    """What a version's names meant. Empty for a draft.

    Teams and members change, so a cache holds only their ids; template and flow versions are frozen and handed out
    ready to use, each time as an object of the caller's own.
    """

    by_step: Mapping[str, Pinned] = field(default_factory=dict)
    by_role: Mapping[str, Pinned] = field(default_factory=dict)
    _rows: Mapping[str, Pin] = field(default_factory=dict)

    def template_version(self, step: str) -> Any:
        """The step's TemplateVersion, with its template; None where it has none."""
        row = self._rows.get(step)
        return copy.copy(row.template_version) if row else None

    def flow_version(self, step: str) -> FlowVersion | None:
        """The FlowVersion that a case step launches."""
        row = self._rows.get(step)
        return copy.copy(row.flow_version) if row else None


def plan_of(version: FlowVersion) -> Plan:
    """The plan of a version; that of a frozen one is read once in the life of the process."""
    if version.is_frozen:
        return _frozen_plan(version.organization_id, version.pk, version.published_at)
    return document.read(version.document)


def pins_of(version: FlowVersion) -> Pins:
    """What the names of a version were pinned to; for a frozen one it is read once in the life of the process."""
    if version.is_frozen:
        return _frozen_pins(version.organization_id, version.pk, version.published_at)
    return Pins()


@lru_cache(maxsize=1024)
def _frozen_plan(organization_id: UUID, version_id: int, published_at: datetime | None) -> Plan:
    """Read from the row, so that what somebody changed on an object in memory is never kept.

    The instant is part of the key: what was published in a transaction that was rolled back may be published again.
    """
    return document.read(FlowVersion.objects.get(organization_id=organization_id, id=version_id).document)


@lru_cache(maxsize=1024)
def _frozen_pins(organization_id: UUID, version_id: int, published_at: datetime | None) -> Pins:
    rows = list(
        Pin.objects.filter(organization_id=organization_id, version_id=version_id).select_related(
            "template_version__template", "template_version__ladder", "flow_version__flow"
        )
    )
    plain = {
        (row.step, row.role): Pinned(row.template_version_id, row.flow_version_id, row.team_id, row.member_id)
        for row in rows
    }
    return Pins(
        by_step={step: pinned for (step, _), pinned in plain.items() if step},
        by_role={role: pinned for (_, role), pinned in plain.items() if role},
        _rows={row.step: row for row in rows if row.step},
    )
