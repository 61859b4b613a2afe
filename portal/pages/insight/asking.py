"""What the address of a page of insight asks for, and the choices it offers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.http import urlencode

from handoffs.insight.figures.asked import PERIODS, USUAL, Asked, Period
from handoffs.models import Flow, HandoffTemplate
from portal.pages import cursor
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Team

CHOICES = 200
EVER = "all"
NAMES = ("weeks", "workspace", "template", "flow", "from_team", "to_team")


@dataclass(frozen=True)
class Filter:
    """One choice of the form: `choices` are value, word, whether it is chosen."""

    name: str
    label: str
    every: str
    choices: list[tuple[str, str, bool]]


class Asking:
    """Reads the address as this member may ask it: what is no choice of theirs is not asked for."""

    def __init__(self, member: Member, given: Mapping[str, str], at: datetime) -> None:
        self.member = member
        self.zone = member.organization.zone
        self.given = {name: given[name] for name in NAMES if given.get(name)}
        weeks = self.given.get("weeks", "")
        self.weeks = None if weeks == EVER else int(weeks) if weeks in {str(n) for n in PERIODS} else USUAL
        visible = workspaces_for(member, Permission.VIEW)
        seen = None if member.standing.sees_everything else frozenset(visible.values_list("id", flat=True))
        self._visible = visible
        self.asked = Asked(
            organization_id=member.organization_id,
            period=Period.of(at, self.zone, self.weeks),
            workspaces=seen,
            workspace=self._whole("workspace"),
            template=self._whole("template"),
            flow=self._whole("flow"),
            from_team=self._whole("from_team"),
            to_team=self._whole("to_team"),
        )

    def _whole(self, name: str) -> int | None:
        return cursor.whole(self.given.get(name))

    @property
    def period_in_words(self) -> str:
        """As in "in the last 13 weeks"."""
        return f"the last {self.weeks} weeks" if self.weeks else "all weeks"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period is chosen."""
        return any(name in self.given for name in NAMES[1:])

    def address(self, **others: Any) -> str:
        """The query of this address with these instead; None leaves one out."""
        asked = {**self.given, **others}
        return "?" + urlencode({name: value for name, value in asked.items() if value not in (None, "")})

    def filters(self) -> list[Filter]:
        """The form. A client chooses the period and among their workspaces."""
        periods = [*((str(n), f"Last {n} weeks") for n in PERIODS), (EVER, "All weeks")]
        made = [self._filter("weeks", "Period", "", periods, chosen=str(self.weeks or EVER))]
        spaces = self._visible.order_by("name").values_list("id", "name")[:CHOICES]
        made.append(self._filter("workspace", "Workspace", "Every workspace", spaces))
        if self.member.role == Role.CLIENT:
            return made
        here = {"organization_id": self.member.organization_id}
        templates = HandoffTemplate.objects.filter(**here).order_by("name").values_list("id", "name")[:CHOICES]
        flows = Flow.objects.filter(**here).order_by("name").values_list("id", "name")[:CHOICES]
        teams = list(Team.objects.filter(**here, closed_at=None).order_by("name").values_list("id", "name")[:CHOICES])
        made.append(self._filter("template", "Template", "Every template", templates))
        made.append(self._filter("flow", "Flow", "Every flow", flows))
        made.append(self._filter("from_team", "From", "Every team", teams))
        made.append(self._filter("to_team", "To", "Every team", teams))
        return made

    def _filter(
        self, name: str, label: str, every: str, choices: Iterable[tuple[Any, str]], chosen: str | None = None
    ) -> Filter:
        chosen = self.given.get(name) if chosen is None else chosen
        return Filter(name, label, every, [(str(key), word, str(key) == chosen) for key, word in choices])
