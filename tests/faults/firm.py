"""A firm that works round the clock, whose offers must be accepted within seconds, and what came of its alarms."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django_q.models import OrmQ

from handoffs import actions
from handoffs.actions.templates import create_ladder, create_template, publish
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.lifecycle import Verb
from handoffs.models import Alarm, Clock, Delivery, Event, Notice, TemplateVersion
from tenants.models import Calendar, Organization, Team
from tenants.scope import everyone, scope
from tests.world import World, build

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RECEIVERS = {"Ben", "Bo", "Lea"}


@dataclass
class Firm:
    """One organization with committed rows; its template fires one alarm, at the due instant, to the receivers."""

    organization: Organization

    def offer(self, count: int, *, within: timedelta, at: datetime | None = None, template: str = "Once") -> list[int]:
        """So many offers that nobody will accept."""
        made = []
        for number in range(count):
            with scope(self.organization):
                world = World(self.organization)
                version = TemplateVersion.objects.get(template__name=template)
                TemplateVersion.objects.filter(id=version.id).update(accept_within=within)
                version.accept_within = within
                when = at or datetime.now(UTC)
                handoff = actions.draft(world.projects, by=world.ana, at=when, title=f"No {number}", template=version)
                made.append(actions.offer(handoff, by=world.ana, at=when, to_team=world.team("Onboarding")).id)
        return made

    def alarms(self, handoffs: list[int]) -> list[Alarm]:
        """All alarms of these, in the order in which they fired."""
        with scope(self.organization):
            return list(Alarm.objects.filter(handoff_id__in=handoffs).select_related("rung", "clock").order_by("id"))

    def is_done(self, handoffs: list[int], alarms: int) -> bool:
        """Whether all have fired, are written down, and everybody was told of everything."""
        with scope(self.organization):
            mine = Alarm.objects.filter(handoff_id__in=handoffs)
            if mine.count() < alarms or mine.filter(raised_at=None).exists():
                return False
            told = Event.objects.filter(handoff_id__in=handoffs).exclude(verb=Verb.DRAFT)
            return not told.exclude(id__in=Delivery.objects.values("event_id")).exists()

    def check_each_alarm_once(self, handoffs: list[int]) -> None:
        """Nothing lost, nothing twice, nothing early, and every person told once of each."""
        with scope(self.organization):
            alarms = list(Alarm.objects.filter(handoff_id__in=handoffs))
            assert Counter(a.handoff_id for a in alarms) == Counter(dict.fromkeys(handoffs, 1)), "lost or twice"
            assert all(a.fired_at >= a.due_at for a in alarms), "early"
            raised = Event.objects.filter(handoff_id__in=handoffs, verb=Verb.ESCALATE)
            assert Counter(fired["alarm_id"] for event in raised for fired in fired_in(event)) == Counter(
                a.id for a in alarms
            )
            notices = Notice.objects.filter(event__in=raised).values_list("handoff_id", "member__name")
            assert Counter(notices) == Counter({(h, name): 1 for h in handoffs for name in RECEIVERS})


def make(slug: str) -> Firm:
    """The firm, founded and committed."""
    organization = build(slug)
    with scope(organization):
        world = World(organization)
        hours = {day: [["00:00", "24:00"]] for day in DAYS}
        always = Calendar.objects.create(organization=organization, name="Always", zone="UTC", hours=hours)
        Team.objects.update(calendar=always)
        receivers = (Audience.RECEIVERS, Audience.RECEIVING_LEAD)
        once = create_ladder(name="Once", by=world.olga, at=world.now, rungs=[RungSpec(Decimal(1), receivers)])
        thrice = [RungSpec(Decimal(share), receivers) for share in (1, 2, 3)]
        steps = create_ladder(name="Steps", by=world.olga, at=world.now, rungs=thrice)
        for name, ladder in (("Once", once), ("Steps", steps)):
            version = create_template(name=name, by=world.olga, at=world.now)
            version.ladder, version.target_team = ladder, world.team("Onboarding")
            version.accept_within = timedelta(hours=1)
            version.save()
            publish(version=version, by=world.olga, at=world.now)
    return Firm(organization)


def fired_in(event: Event) -> list[dict[str, Any]]:
    """The alarms that one event tells of."""
    return list(event.facts.get("alarms") or [event.facts])


def still() -> None:
    """No clock runs and nothing is queued any more, in any organization."""
    with everyone():
        Clock.objects.update(next_alarm_at=None)
    OrmQ.objects.all().delete()


def wait_until(true: Callable[[], bool], seconds: float, told: Callable[[], str] = str) -> float:
    """How long it took, in seconds. A database that is away for a moment is asked again."""
    began = time.monotonic()
    while True:
        try:
            if true():
                return time.monotonic() - began
        except (OperationalError, InterfaceError):
            connection.close()
        assert time.monotonic() - began < seconds, f"not done after {seconds} s\n{told()[-4000:]}"
        time.sleep(0.1)
