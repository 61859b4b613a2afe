"""Cases: the list of them, and the page of one."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from handoffs.flows.versions import plan_of
from handoffs.insight.balls import Ball, balls_of
from handoffs.insight.case_list import Wanted, case_of, cases_for, flows_known_to, page_of
from handoffs.models import Case, CaseState, FlowVersion
from portal.pages import cursor
from portal.pages.base import Page
from portal.pages.case_buttons import case_buttons
from portal.pages.case_sheet import CaseSheet
from portal.pages.case_words import told
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Team

SHOWN, CHOICES, TOLD = 25, 100, 3


def reached_case(member: Member, reference: str) -> Case:
    """The case of that reference, if this member may see it; else 404, whatever the reason."""
    case = case_of(member, reference)
    if case is None:
        raise Http404
    return case


class Cases(Page):
    """The list, newest first; `state`, `flow`, `workspace`, `ball` and `step` filter it, `before` pages."""

    template = "cases/cases.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it."""
        given = request.GET
        filters = self._filters(given)
        cases = cases_for(self.member, _wanted(given))
        before = cursor.whole(given.get("before"))
        page = page_of(cases.filter(id__lt=before) if before else cases, SHOWN + 1)
        shown = page[:SHOWN]
        balls = balls_of([case for case in shown if case.is_running], self.member)
        kept: dict[str, str] = {
            name: str(given[name]) for name in ("state", "flow", "workspace", "ball", "step") if given.get(name)
        }
        older = f"?{urlencode({**kept, 'before': str(shown[-1].pk)})}" if len(page) > SHOWN else ""
        sending = workspaces_for(self.member, Permission.SEND).filter(closed_at=None)
        may_launch = self.member.role != Role.CLIENT and sending.exists()
        return self.show(
            rows=[self._row(case, balls.get(case.pk, [])) for case in shown],
            filters=filters,
            filtered=bool(kept),
            at_step=self._step_label(_step(given), cursor.whole(given.get("flow"))),
            older=older,
            may_launch=may_launch,
        )

    def _step_label(self, step: str, flow: int | None) -> str:
        """What the step of the filter is called, to those who see every step; else its key, as it was asked."""
        if not step or self.member.role == Role.CLIENT:
            return step
        versions = FlowVersion.objects.filter(organization_id=self.member.organization_id, flow_id=flow or 0).current()
        found = next((plan_of(version).by_key.get(step) for version in versions), None)
        return found.label if found else step

    def _row(self, case: Case, balls: list[Ball]) -> dict[str, Any]:
        late = (case.due_at is not None and case.is_running and case.due_at < self.now) or any(
            ball.is_late(self.now) for ball in balls
        )
        mine = any(ball.is_mine for ball in balls)
        state = "late" if late else "waiting_for_you" if mine else str(case.state)
        told_balls = [{"label": ball.label, "sentence": told(ball, self.now)} for ball in balls[:TOLD]]
        return {"case": case, "state": state, "balls": told_balls, "others": max(0, len(balls) - TOLD)}

    def _filters(self, given: Any) -> list[dict[str, Any]]:
        """The choices of each filter, with what is chosen."""
        flows = flows_known_to(self.member).order_by("name").values_list("id", "name")[:CHOICES]
        spaces = workspaces_for(self.member, Permission.VIEW).order_by("name").values_list("id", "name")[:CHOICES]
        teams = Team.objects.filter(organization_id=self.member.organization_id, closed_at=None)
        if self.member.role == Role.CLIENT:
            teams = teams.filter(id__in=sorted(self.member.standing.team_ids))
        holders = [("me", "Me or my teams"), *teams.order_by("name").values_list("id", "name")[:CHOICES]]
        states = [(state.value, state.label) for state in CaseState]
        made = [("state", "State", "Every state", states), ("flow", "Flow", "Every flow", flows)]
        made += [
            ("workspace", "Workspace", "Every workspace", spaces),
            ("ball", "Who has the ball", "Anybody", holders),
        ]
        return [
            {
                "name": name,
                "label": label,
                "every": every,
                "choices": [(str(key), word, str(key) == given.get(name)) for key, word in choices],
            }
            for name, label, every, choices in made
        ]


def _wanted(given: Any) -> Wanted:
    """What the address asks for; what is no choice is not asked for."""
    state = given.get("state", "")
    ball = given.get("ball", "")
    return Wanted(
        state=CaseState(state) if state in set(CaseState) else None,
        flow=cursor.whole(given.get("flow")),
        workspace=cursor.whole(given.get("workspace")),
        ball="me" if ball == "me" else cursor.whole(ball),
        step=_step(given),
    )


def _step(given: Any) -> str:
    """The key of a step; what cannot be one asks for nothing."""
    step = str(given.get("step", ""))
    return step if re.fullmatch(r"[a-z0-9_-]{1,40}", step) else ""


class CasePage(Page):
    """One case: who has the ball, how each step stands, what is known, and what its reader may do with it."""

    template = "cases/case.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The case as its reader sees it; `?history=all` shows the whole timeline."""
        case = reached_case(self.member, reference)
        return self.sheet(case)

    def sheet(self, case: Case, status: int = 200, **facts: Any) -> HttpResponse:
        """The page of this case, possibly with a refusal on top."""
        sheet = CaseSheet(case, self.member, self.now, whole=self.request.GET.get("history") == "all")
        buttons = case_buttons(sheet.seen)
        board = reverse("board", args=[case.flow_version.flow_id])
        return self.show(status, case=case, sheet=sheet, buttons=buttons, board=board, **facts)
