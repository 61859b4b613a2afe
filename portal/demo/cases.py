"""A few running cases of the starter flows: what a process looks like when several are at it."""

from datetime import datetime, timedelta
from typing import Any

from handoffs import actions
from handoffs.actions.cases import launch
from handoffs.actions.flows import install_starters
from handoffs.delivery import deliver as delivering
from handoffs.delivery.audience import TELLING
from handoffs.models import Case, Event, FlowVersion, Handoff
from handoffs.reading_back import asked_of
from portal.demo.firm import Firm
from portal.demo.people import BRIGHTWATER, ON_CALL, ONBOARDING, PEOPLE, PROJECTS, SALES, SUPPORT


class Cases:
    """Launches and walks cases through the last hours; each act a quarter of an hour after the one before it."""

    def __init__(self, firm: Firm, now: datetime) -> None:
        self.firm, self.now = firm, now
        self.at = now - timedelta(hours=20)
        by = firm.people["ingrid"]
        self.versions = {version.flow.starter: version for version in install_starters(by=by, at=self.at)}

    def go(self) -> None:
        """Every case, each from its launch to where it stands today."""
        for case in (self._onboarding, self._change, self._incident):
            self.at = self.now - timedelta(hours=20)
            case()

    def _onboarding(self) -> None:
        case = self._launch(
            "client_onboarding",
            "jonas",
            "Brightwater's second house",
            BRIGHTWATER,
            {"sales": SALES, "onboarding": ONBOARDING, "client": BRIGHTWATER, "care": SUPPORT},
            signed={
                "client_name": "Brightwater Hotels",
                "start_date": f"{self.now + timedelta(days=30):%Y-%m-%d}",
                "billing_contact": PEOPLE["omar"].email,
                "promises": "The second house goes live with the first one's rates; training for the night desk.",
                "checklist.scope_agreed": True,
            },
        )
        self._does(
            case,
            "signed",
            "dana",
            {"goals": "One set of reports over both houses.", "needs_documents": True},
            collect={"purpose": "The floor plan and the list of rooms, to set up the second house."},
        )

    def _change(self) -> None:
        case = self._launch(
            "change_approval",
            "mara",
            "New database server",
            PROJECTS,
            {"requester": SALES, "engineer": SUPPORT, "technical": ONBOARDING, "business": SALES},
            plan={"change": "Move bookings to the new database server.", "reason": "The old one is full by spring."},
        )
        planned = {
            "plan": "Copy at night, switch at five, compare counts.",
            "way_back": "Switch back to the old server, which stays as it is for a week.",
            "risk": "Medium",
            "planned_at": f"{self.now + timedelta(days=6):%Y-%m-%d}T04:00+00:00",
        }
        self._does(case, "plan", "arjun", planned)
        self._does(case, "technical", "luis", {"decision": "Approved", "grounds": "The way back was tried."})

    def _incident(self) -> None:
        case = self._launch(
            "incident_handover",
            "ingrid",
            "Door locks at the harbour house answer late",
            PROJECTS,
            {"asia": SUPPORT, "europe": SALES, "america": ONBOARDING, "manager": ON_CALL},
            work_asia={
                "incident": "Door locks take up to a minute to open.",
                "impact": "Serious",
                "began_at": f"{self.at:%Y-%m-%dT%H:%M}+00:00",
            },
        )
        found = {
            "resolved": False,
            "findings": "Only locks behind the old switch are slow.",
            "tried": "Restarted the gateway; no change.",
            "next_step": "Ask the house to move two locks to the new switch.",
        }
        self._does(case, "work_asia", "weiling", found)
        actions.accept(self._live(case, "relay_europe"), by=self.firm.people["jonas"], at=self._later())
        self._tell(case)

    def _launch(
        self, starter: str, who: str, title: str, where: str, casting: dict[str, str], **given: dict[str, Any]
    ) -> Case:
        version: FlowVersion = self.versions[starter]
        case = launch(
            version,
            by=self.firm.people[who],
            at=self._later(),
            workspace=self.firm.workspaces[where],
            internal_workspace=self.firm.workspaces[PROJECTS],
            title=title,
            casting={role: (self.firm.teams[team], None) for role, team in casting.items()},
            given=given,
            due_at=self.now + timedelta(days=30),
        )
        self._tell(case)
        return case

    def _does(self, case: Case, step: str, who: str, result: dict[str, Any], **given: dict[str, Any]) -> None:
        by = self.firm.people[who]
        for do in (self._accepts, self._starts):
            do(case, step, by)
        actions.complete(self._live(case, step), by=by, at=self._later(hours=2), result=result, given=given)
        self._tell(case)

    def _accepts(self, case: Case, step: str, by: Any) -> None:
        handoff = self._live(case, step)
        actions.accept(handoff, by=by, at=self._later(), **asked_of(handoff, by).right)

    def _starts(self, case: Case, step: str, by: Any) -> None:
        actions.start(self._live(case, step), by=by, at=self._later())

    def _live(self, case: Case, step: str) -> Handoff:
        return Handoff.objects.live().get(case=case, turns__step=step)

    def _later(self, **by: float) -> datetime:
        self.at = min(self.at + timedelta(**(by or {"minutes": 15})), self.now)
        return self.at

    def _tell(self, case: Case) -> None:
        """Tells people of what is new, as the worker would have at that time."""
        events = Event.objects.filter(handoff__case=case, verb__in=sorted(TELLING)).order_by("id")
        for event in events.filter(deliveries=None):
            delivering.deliver(self.firm.organization.id, event.id, at=event.at)
