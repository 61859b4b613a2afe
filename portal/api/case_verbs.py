"""`POST …/cases/CA-1001/skip`: one address for each verb of a case, made from a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.actions import cases
from handoffs.insight.cases import SeenCase
from handoffs.models import Case
from portal.api import case_shapes
from portal.api.case_words import AddStep, CaseReason, Entrust, Reassign, SendBack, Skip
from portal.api.cases import reach_case, told
from portal.api.endpoint import Endpoint
from portal.api.problems import invalid_fields
from portal.api.schema import says
from tenants.models import Member


@dataclass(frozen=True)
class CaseDeed:
    """What one verb of a case is called, needs said, and does."""

    label: str
    words: type[serializers.Serializer[Any]]
    action: Callable[..., Any]


def _send_back(case: Case, *, by: Member, at: datetime, step: str, **words: Any) -> Any:
    """On the handoff of the step."""
    seen = SeenCase(case, by, at)
    turn = seen.turns.get(step)
    handoff = seen.handoff_of(turn) if turn is not None else None
    if handoff is None:
        raise invalid_fields({"step": ["There is no such step under way that you may see."]})
    return cases.send_back(handoff, by=by, at=at, **words)


CASE_DEEDS: Mapping[str, CaseDeed] = {
    "skip": CaseDeed("Skip a step", Skip, cases.skip),
    "send_back": CaseDeed("Send back to an earlier step", SendBack, _send_back),
    "add_step": CaseDeed("Add a step", AddStep, cases.add_step),
    "reassign": CaseDeed("Reassign a role", Reassign, cases.reassign),
    "entrust": CaseDeed("Entrust the case to somebody", Entrust, cases.entrust),
    "cancel": CaseDeed("Cancel the case", CaseReason, cases.cancel_case),
}


class CaseDeedEndpoint(Endpoint):
    """One verb: finds the case, cleans the words, makes the one call."""

    deed: ClassVar[CaseDeed]

    def do(self, request: Request, reference: str) -> Response:
        """The case as it is afterwards; 404 once the reader has lost sight of it."""
        case, at = reach_case(self.member, reference), timezone.now()
        words = self.words(self.deed.words, request.data)
        self.deed.action(case, by=self.member, at=at, **words)
        return Response(told(case, self.member, at))


def case_view_of(verb: str) -> Callable[..., HttpResponseBase]:
    """The view of one verb."""
    deed = CASE_DEEDS[verb]

    @extend_schema(
        operation_id=f"{verb}_case",
        tags=["cases"],
        summary=deed.label,
        description=deed.words.__doc__,
        request=deed.words,
        responses=says(case_shapes.Case, "The case as it is now.", 400, 403, 404, 409, 413, 415, 422),
    )
    def post(self: CaseDeedEndpoint, request: Request, reference: str) -> Response:
        return self.do(request, reference)

    made: dict[str, Any] = {"deed": deed, "post": post, "__doc__": f"{deed.label}."}
    return type(f"{verb.title().replace('_', '')}Case", (CaseDeedEndpoint,), made).as_view()  # type: ignore[attr-defined, no-any-return]
