"""One call per verb with whatever words it needs, so that tests can speak of (verb, member) alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from handoffs import actions
from handoffs.actions.templates import create_template, publish, write
from handoffs.clocks.running import schedule_of
from handoffs.clocks.working_time import next_opening
from handoffs.escalation.sweep import fire
from handoffs.models import Alarm, ChecklistDefinition, Clock, Handoff, Question, Side, TemplateVersion
from tenants.actions import create_calendar, invite, join
from tenants.hours import WEEKDAYS
from tenants.models import Member, Role, Team, User
from tenants.scope import everyone
from tests.handoffs.plain_model import INTERNAL_ITEM, RECEIVERS_ITEM, SENDERS_ITEM, USUAL, Words
from tests.world import World

_number = count(1)


class Stage(World):
    """The world with everything that verbs are about: an admin too, somebody from elsewhere, a list to tick."""

    @cached_property
    def ada(self) -> Member:
        """An admin."""
        user = User.objects.create(email="ada@fjord.example", name="Ada")
        _, token = invite(email=user.email, role=Role.ADMIN, by=self.olga, at=self.now)
        return join(raw_token=token, user=user, at=self.now)

    @cached_property
    def stan(self) -> Member:
        """Somebody of another organization."""
        with everyone():
            return Member.objects.select_related("user", "organization").get(name="Stan")

    @cached_property
    def checked(self) -> TemplateVersion:
        """A template with a checklist that nobody has to tick, and a time to complete."""
        version = create_template(name="Checked", by=self.olga, at=self.now)
        parts = [
            ChecklistDefinition(key=SENDERS_ITEM, label="Receiver briefed", side=Side.SENDER),
            ChecklistDefinition(key=RECEIVERS_ITEM, label="Access verified", side=Side.RECEIVER),
            ChecklistDefinition(key=INTERNAL_ITEM, label="Hours billed", side=Side.RECEIVER, internal=True),
        ]
        hour = timedelta(hours=1)
        # Far apart: whichever clock goes off first is the one of the shorter promise, however long a walk has taken.
        times = {"complete_within": 40 * hour, "start_within": 400 * hour, "answer_within": 4000 * hour}
        write(version=version, parts=parts, by=self.olga, at=self.now, **times)
        return publish(version=version, by=self.olga, at=self.now)

    @cached_property
    def _teams(self) -> dict[str, Team]:
        return {}

    def team(self, name: str) -> Team:
        """Read once: no verb changes a team."""
        if name not in self._teams:
            self._teams[name] = super().team(name)
        return self._teams[name]

    def begin(self, workspace: str = "Projects") -> Handoff:
        """Ana's draft in this workspace."""
        return self.handoff(
            template=self.checked, workspace={"Northwind": self.northwind}.get(workspace, self.projects)
        )


def stage(world: World) -> Stage:
    """Makes the stage before anything can be taken back."""
    made = Stage(world.organization)
    assert made.ada
    assert made.stan
    assert made.checked
    return made


def who_is(world: World, name: str) -> Member:
    """A fresh membership, as one more request would load it."""
    if name == "system":
        return world.system
    return Member.objects.select_related("user").get(organization=world.organization, name=name.capitalize())


def alarms_go_off(world: World, handoff: Handoff) -> list[Alarm]:
    """Lets time pass until the next rung of one of its clocks is due, and sweeps; nothing when all stand still."""
    waiting = Clock.objects.filter(handoff=handoff, next_alarm_at__isnull=False).order_by("next_alarm_at").first()
    if waiting is None or waiting.next_alarm_at is None:
        return []
    world.now = max(world.now, waiting.next_alarm_at)
    with everyone():
        fired = fire(world.now)
    alarms = Alarm.objects.filter(handoff=handoff, id__in=[alarm.id for alarm in fired])
    return list(alarms.select_related("clock", "rung").order_by("id"))


def after_hours(world: World) -> datetime:
    """Lets time pass until the office is closed: whoever is there now is asked now."""
    hours = schedule_of(world.calendar)
    while next_opening(hours, world.now) <= world.now:
        world.later(hours=1)
    return world.now


def asleep(world: World, name: str) -> Team:
    """A team that is closed at this moment and for the next two days, whatever day it is."""
    day = WEEKDAYS[(timezone.now() + timedelta(days=3)).weekday()]
    hours = {day: [["09:00", "17:00"]]}
    calendar = create_calendar(name="Another day", zone="UTC", hours=hours, by=world.olga, at=world.now)
    Team.objects.filter(organization=world.organization, name=name).update(calendar=calendar)
    return world.team(name)


def attempt(world: World, handoff: Handoff, verb: str, name: str, words: Words = USUAL) -> Handoff:
    """Has `name` do `verb`, twenty minutes later than whatever came before."""
    by, at = getattr(world, name), world.later(minutes=20)
    if verb == "plan":
        at = after_hours(world)

    def receiver() -> dict[str, object]:
        team, member = words.to
        return {"to_team": world.team(team), "to_member": getattr(world, member) if member else None}

    needs: dict[str, Callable[[], dict[str, object]]] = {
        "draft": lambda: {"title": "One more"},
        "edit": lambda: {"summary": f"Edited {next(_number)}"},
        "offer": receiver,
        "plan": receiver,
        "pass_on": receiver,
        "redirect": receiver,
        "hand_back": lambda: {"reason": "Not for us after all"},
        "return": lambda: {"reason": "The access list is missing"},
        "ask": lambda: {"body": f"Who signs? ({next(_number)})"},
        "answer": lambda: {"question": _question(handoff), "body": f"The director ({next(_number)})"},
        "hold": lambda: {"reason": "Waiting for the client", "until": at + timedelta(days=400)},
        "reopen": lambda: {"reason": "The invoice was wrong"},
        "cancel": lambda: {"reason": "Signed elsewhere"},
        "take_over": lambda: {"reason": "Away sick"},
        "note": lambda: {"body": f"By the way ({next(_number)})"},
        "attach": lambda: {"file": ContentFile(f"Plan {next(_number)}".encode(), "plan.txt"), "name": "plan.txt"},
        "tick": lambda: {"item": words.item, "done": words.done},
        "share": lambda: {"to": who_is(world, "vic")},
        "unshare": lambda: {"to": who_is(world, "vic")},
        "link": lambda: {"url": f"https://fjord.example/{next(_number)}"},
        "recompute": lambda: {"why": "Somebody looked again."},
        "escalate": lambda: {"alarms": [_alarm(handoff)]},
    }
    action = getattr(actions, "return_" if verb == "return" else verb)
    subject = handoff.workspace if verb == "draft" else handoff
    done: Handoff = action(subject, by=by, at=at, **needs.get(verb, dict)())
    return done


def _question(handoff: Handoff) -> int:
    """The first that is open, else the last there was, else none that there is."""
    asked = Question.objects.filter(handoff=handoff).order_by("id")
    found = asked.filter(answered_at=None).first() or asked.last()
    return found.id if found else 0


def _alarm(handoff: Handoff) -> Alarm:
    """The first of which nobody was told, else the last there was, else none that there is."""
    fired = Alarm.objects.filter(handoff=handoff).order_by("id")
    return fired.filter(raised_at=None).first() or fired.last() or Alarm(id=0)
