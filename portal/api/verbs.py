"""`POST …/handoffs/HO-1042/accept`: one address for each verb that a person can do, made from the table of deeds."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.lifecycle import BY_ITSELF, RULES, Verb
from handoffs.models import Handoff
from handoffs.reading_back import may_ask
from handoffs.refusals import not_yours
from portal.api import shapes
from portal.api.detail import detail
from portal.api.endpoint import Endpoint
from portal.api.handoffs import reach
from portal.api.problems import problem
from portal.api.schema import says
from portal.api.words import DEEDS, Acceptance, Deed, Nothing


class DeedEndpoint(Endpoint):
    """One verb: finds the handoff, cleans the words, makes the one call."""

    deed: ClassVar[Deed]

    def do(self, request: Request, reference: str) -> Response:
        """The handoff as it is afterwards; doing the same again is a success that changes nothing."""
        handoff = reach(self.member, reference)
        words = {} if self._needs_none(handoff) else self.words(self.deed.words, request.data)
        at = timezone.now()
        done = self.deed.action(handoff, by=self.member, at=at, **words)
        if done.differing is not None:  # answered, not raised: the question that was asked stays
            return problem(409, done.differing.sentence, done.differing.code, done.differing.details)
        return Response(detail(done, self.member, at))

    def _needs_none(self, handoff: Handoff) -> bool:
        """Where no words are needed the body is not looked at, whatever it claims to be."""
        return self.deed.words is Nothing or (self.deed.words is Acceptance and not may_ask(handoff))


class ByItself(Endpoint):
    """Alarms and the like are the system's: people are told so."""

    verb: ClassVar[Verb]

    @extend_schema(exclude=True)
    def post(self, request: Request, reference: str) -> Response:
        """Always refused."""
        reach(self.member, reference)
        raise not_yours(self.verb, RULES[self.verb].by)


def view_of(verb: Verb) -> Callable[..., HttpResponseBase]:
    """The view of one verb."""
    if verb in BY_ITSELF:
        return type(verb.name.title(), (ByItself,), {"verb": verb}).as_view()  # type: ignore[attr-defined, no-any-return]
    deed = DEEDS[verb]

    @extend_schema(
        operation_id=f"{verb.value}_handoff",
        tags=["verbs"],
        summary=verb.label,
        description=_description(verb),
        request=None if deed.words is Nothing else deed.words,
        responses=says(shapes.Handoff, "The handoff as it is now.", 400, 403, 404, 409, 413, 415, 422, 429),
    )
    def post(self: DeedEndpoint, request: Request, reference: str) -> Response:
        return self.do(request, reference)

    made: dict[str, Any] = {"deed": deed, "post": post, "__doc__": f"{verb.label}."}
    if verb is Verb.ATTACH:
        made["parser_classes"] = [MultiPartParser]
    return type(f"{verb.name.title().replace('_', '')}", (DeedEndpoint,), made).as_view()  # type: ignore[attr-defined, no-any-return]


def _description(verb: Verb) -> str:
    rule = RULES[verb]
    by = ", ".join(sorted(party.value for party in rule.by if party.name != "SYSTEM"))
    states = ", ".join(sorted(state.value for state in rule.states))
    offer = {True: " An offer must be open.", False: " No offer may be open.", None: ""}[rule.offer]
    return f"By {by}, while it is {states}.{offer}"
