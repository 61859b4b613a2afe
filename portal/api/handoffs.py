"""Handoffs: the list and its boxes, a new draft, one handoff, its events, its documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import actions
from handoffs.insight.finding import Wanted
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import State, Verb
from handoffs.models import Document, Event, Handoff, number_from
from handoffs.reading_back import covered
from handoffs.sharing import sharing_of
from portal.api import shapes
from portal.api.boxes import BOXES, Asked, reachable
from portal.api.detail import detail
from portal.api.endpoint import Endpoint
from portal.api.fields import LARGEST_ID, Instant, PriorityWord
from portal.api.paging import Paged, after_id, cursor_of, page
from portal.api.problems import nothing_here
from portal.api.repeating import PARAMETER, answer_once
from portal.api.schema import download as gives_file
from portal.api.schema import lists, says
from portal.api.words import Draft
from portal.downloads import download
from tenants.models import Member


def reach(member: Member, reference: str) -> Handoff:
    """The handoff with this reference; 404 when there is none that the member may see."""
    number = number_from(reference)
    if number is None:
        raise nothing_here()
    found = Handoff.objects.reachable_by(member).select_related("workspace", "open_offer", "template_version")
    handoff = found.filter(number=number).first()
    if handoff is None:
        raise nothing_here()
    return handoff


class HandoffFilters(Paged):
    """Which handoffs; filters add up."""

    box = serializers.ChoiceField(
        choices=list(BOXES),
        required=False,
        help_text="What waits for you (most urgent first), what you hold, what you sent; without it all you may see.",
    )
    state = serializers.MultipleChoiceField(
        choices=[state.value for state in State], required=False, help_text="One of these states; may be repeated."
    )
    workspace = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Its id.")
    template = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Its id.")
    team = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="Who is asked to take it, or has it: a team's id."
    )
    late = serializers.BooleanField(required=False, help_text="Only what is late now.")
    priority = PriorityWord(required=False)
    updated_since = Instant(required=False, help_text="Changed at this instant or later.")
    q = serializers.CharField(
        max_length=200,
        required=False,
        help_text="A reference such as HO-1042, or words; each begins one in the handoff or in what travels with it.",
    )


class Handoffs(Endpoint):
    """The list, and a new one."""

    @extend_schema(
        operation_id="list_handoffs",
        tags=["handoffs"],
        summary="List handoffs",
        parameters=[HandoffFilters],
        responses=lists(shapes.HandoffRow, "One page of handoffs."),
    )
    def get(self, request: Request) -> Response:
        """One page of a box, or of everything you may see."""
        asked = self.asked(HandoffFilters)
        wanted = Wanted(
            states=frozenset(State(word) for word in asked.get("state", ())),
            workspace=asked.get("workspace"),
            template=asked.get("template"),
            priority=asked.get("priority"),
            updated_since=asked.get("updated_since"),
            team=asked.get("team"),
            late_at=timezone.now() if asked.get("late") else None,
            text=asked.get("q", ""),
        )
        page_asked = Asked(asked["limit"], asked.get("cursor"), wanted)
        found = BOXES.get(asked.get("box", ""), reachable)(self.member, page_asked)
        return page(request, found.rows, found.cursor)

    @extend_schema(
        operation_id="draft_handoff",
        tags=["handoffs"],
        summary=Verb.DRAFT.label,
        description=Draft.__doc__,
        parameters=[PARAMETER],
        request=Draft,
        responses=says(
            shapes.Handoff, "The draft, and its address in `Location`.", 400, 403, 413, 415, 422, status=201
        ),
    )
    def post(self, request: Request) -> Response:
        """A new draft, held by who asks."""
        at = timezone.now()
        drafted = answer_once(request, self.member, at, lambda: self._draft(request, at))
        address = reverse("api:handoff", args=[drafted["reference"]])
        return Response(drafted, status=201, headers={"Location": address})

    def _draft(self, request: Request, at: datetime) -> shapes.Handoff:
        words = self.words(Draft, request.data)
        made = actions.draft(words.pop("workspace"), by=self.member, at=at, **words)
        return detail(made, self.member, at)


class OneHandoff(Endpoint):
    """One handoff."""

    @extend_schema(
        operation_id="read_handoff",
        tags=["handoffs"],
        summary="Read a handoff",
        responses=says(shapes.Handoff, "The handoff with everything that travels with it.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """The whole handoff, and what the reader may do with it."""
        return Response(detail(reach(self.member, reference), self.member, timezone.now()))


class Events(Endpoint):
    """The ledger of one handoff."""

    @extend_schema(
        operation_id="list_events",
        tags=["handoffs"],
        summary="List what happened",
        parameters=[Paged],
        responses=lists(shapes.Event, "One page of events, oldest first.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """What happened, oldest first."""
        asked = self.asked(Paged)
        handoff, limit = reach(self.member, reference), asked["limit"]
        after = after_id("events", asked.get("cursor")) or 0
        events = Event.objects.visible_to(self.member).of(handoff.pk).filter(seq__gt=after).select_related("by")
        found = list(events[: limit + 1])
        cursor = cursor_of("events", found[limit - 1].seq) if len(found) > limit else None
        # Facts may name internal fields and what they held, so a client gets the sentence alone; so does who is about
        # to read back what they hold.
        silent = self.member.role == Member.Role.CLIENT or bool(covered(handoff, self.member))
        return page(request, [self._event(event, {} if silent else event.facts) for event in found[:limit]], cursor)

    def _event(self, event: Event, told: dict[str, Any]) -> shapes.Event:
        return {
            "seq": event.seq,
            "verb": Verb(event.verb),
            "at": event.at,
            "by": {"id": event.by_id, "name": event.by.name},
            "before": event.before,
            "after": State(event.after),
            "sentence": sentence(event),
            "internal": event.internal,
            "facts": told,
        }


class Shared(Endpoint):
    """With whom one handoff is shared."""

    @extend_schema(
        operation_id="read_sharing",
        tags=["handoffs"],
        summary="List with whom it is shared",
        responses=says(shapes.Sharing, "Who sees it beyond its workspace; `share` and `unshare` change that.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """Teams and members, by name."""
        sharing = sharing_of(reach(self.member, reference), self.member)
        told: shapes.Sharing = {
            "teams": [{"id": team.pk, "name": team.name} for team in sharing.teams],
            "members": [{"id": member.pk, "name": member.name} for member in sharing.members],
        }
        return Response(told)


class OneDocument(Endpoint):
    """One version of one document."""

    @extend_schema(
        operation_id="download_document",
        tags=["handoffs"],
        summary="Download a document",
        responses=gives_file("The file, always as attachment."),
    )
    def get(self, request: Request, reference: str, uid: UUID) -> FileResponse:
        """The file, when the reader may see both the handoff and the document."""
        handoff = reach(self.member, reference)
        mine = Document.objects.visible_to(self.member).filter(organization_id=handoff.organization_id)
        document = mine.filter(handoff_id=handoff.pk, uid=uid).first()
        if document is None:
            raise nothing_here()
        return download(document)
