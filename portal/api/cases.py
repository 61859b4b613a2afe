"""Cases: the list, launching one, one case, and what happened in it."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.actions.cases import launch, must_not_be_a_client
from handoffs.flows.rules import allowed
from handoffs.insight import case_list
from handoffs.insight.balls import balls_of
from handoffs.insight.case_story import Place, story_after
from handoffs.insight.cases import SeenCase
from handoffs.models import Case, CaseState
from portal.api import case_shapes
from portal.api.case_rows import case_detail, case_row, moment
from portal.api.case_words import Launch
from portal.api.endpoint import Endpoint
from portal.api.fields import LARGEST_ID
from portal.api.paging import Paged, after_id, after_place, cursor_of, page
from portal.api.problems import nothing_here
from portal.api.repeating import PARAMETER, answer_once
from portal.api.schema import lists, says
from tenants.models import Member


def reach_case(member: Member, reference: str) -> Case:
    """The case with this reference; 404 when there is none that the member may see."""
    case = case_list.case_of(member, reference)
    if case is None:
        raise nothing_here()
    return case


def told(case: Case, member: Member, at: datetime) -> case_shapes.Case:
    """The case as this member sees it now."""
    fresh = reach_case(member, case.reference)
    return case_detail(SeenCase(fresh, member, at), allowed(fresh, member))


class CaseFilters(Paged):
    """Which cases; filters add up."""

    state = serializers.ChoiceField(choices=CaseState.values, required=False)
    flow = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Its id.")
    workspace = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Its id.")
    ball = serializers.ChoiceField(
        choices=["me"], required=False, help_text="Where you, or your teams, are to act now."
    )
    team = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="Where this team is to act now."
    )
    step = serializers.RegexField(
        r"^[a-z0-9_-]{1,40}$", required=False, help_text="Key of a step at which they are now."
    )
    q = serializers.CharField(
        max_length=200, required=False, help_text="A reference such as CA-1042, or how the title begins."
    )


class Cases(Endpoint):
    """The list, and a new one."""

    @extend_schema(
        operation_id="list_cases",
        tags=["cases"],
        summary="List cases",
        parameters=[CaseFilters],
        responses=lists(case_shapes.CaseRow, "One page of cases, the newest first."),
    )
    def get(self, request: Request) -> Response:
        """One page of those you may see."""
        asked = self.words(CaseFilters, request.query_params)
        wanted = case_list.Wanted(
            state=CaseState(asked["state"]) if "state" in asked else None,
            flow=asked.get("flow"),
            workspace=asked.get("workspace"),
            ball=asked.get("ball") or asked.get("team"),
            q=asked.get("q", ""),
            step=asked.get("step", ""),
        )
        cases, limit = case_list.cases_for(self.member, wanted), asked["limit"]
        after = after_id("cases", asked.get("cursor"))
        found = case_list.page_of(cases.filter(id__lt=after) if after is not None else cases, limit + 1)
        shown = found[:limit]
        balls = balls_of([case for case in shown if case.is_running], self.member)
        at = timezone.now()
        cursor = cursor_of("cases", shown[-1].pk) if len(found) > limit else None
        return page(request, [case_row(case, balls.get(case.pk, ()), at) for case in shown], cursor)

    @extend_schema(
        operation_id="launch_case",
        tags=["cases"],
        summary="Launch a case",
        description=Launch.__doc__,
        parameters=[PARAMETER],
        request=Launch,
        responses=says(
            case_shapes.Case, "The case, and its address in `Location`.", 400, 403, 409, 413, 415, 422, status=201
        ),
    )
    def post(self, request: Request) -> Response:
        """A new case, whose first steps are offered."""
        at = timezone.now()
        made = answer_once(request, self.member, at, lambda: self._launch(request, at))
        address = reverse("api:case", args=[made["reference"]])
        return Response(made, status=201, headers={"Location": address})

    def _launch(self, request: Request, at: datetime) -> case_shapes.Case:
        must_not_be_a_client(self.member)
        words = self.words(Launch, request.data)
        return told(launch(words.pop("flow"), by=self.member, at=at, **words), self.member, at)


class OneCase(Endpoint):
    """One case."""

    @extend_schema(
        operation_id="read_case",
        tags=["cases"],
        summary="Read a case",
        responses=says(case_shapes.Case, "The case with its steps, its time and what is known in it.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """The whole case, as far as the reader may see it."""
        return Response(told(reach_case(self.member, reference), self.member, timezone.now()))


class Timeline(Endpoint):
    """What happened in one case."""

    @extend_schema(
        operation_id="list_case_timeline",
        tags=["cases"],
        summary="List what happened in a case",
        parameters=[Paged],
        responses=lists(case_shapes.Moment, "One page of what happened to it and at its steps, oldest first.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """One timeline out of the ledgers of the case and of its handoffs."""
        asked = self.asked(Paged)
        after, limit = after_place("timeline", asked.get("cursor")), asked["limit"]
        seen = SeenCase(reach_case(self.member, reference), self.member, timezone.now())
        found = story_after(seen, Place(*after) if after else None, limit + 1)
        last = found[limit - 1][0] if len(found) > limit else None
        cursor = cursor_of("timeline", last.at.isoformat(), *last[1:]) if last else None
        return page(request, [moment(each) for _, each in found[:limit]], cursor)
