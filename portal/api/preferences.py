"""Preferences: how one is told."""

from datetime import time
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.actions.delivery import Choices, choices_of, choose
from handoffs.delivery.kinds import Kind, Pace
from portal.api import shapes
from portal.api.endpoint import Endpoint
from portal.api.schema import says
from tenants.models import Member

CLOCK = "%H:%M"


class PaceWords(serializers.Serializer[Any]):
    """How soon you want to be told of one kind by one channel."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    channel = serializers.CharField(max_length=12)
    pace = serializers.ChoiceField(choices=[pace.value for pace in Pace])


class PreferenceWords(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    paces = PaceWords(many=True, required=False)
    daily_at = serializers.IntegerField(
        min_value=0, max_value=23, required=False, allow_null=True, help_text="Null for hourly digests."
    )
    quiet_from = serializers.TimeField(input_formats=[CLOCK], required=False, allow_null=True)
    quiet_until = serializers.TimeField(input_formats=[CLOCK], required=False, allow_null=True)
    weekly = serializers.BooleanField(required=False, help_text="Whether a report of each week comes by mail.")


class Preferences(Endpoint):
    """How you are told."""

    @extend_schema(
        operation_id="read_preferences",
        tags=["notices"],
        summary="How am I told",
        responses=says(shapes.Preferences, "What you chose, with the defaults where you chose nothing."),
    )
    def get(self, request: Request) -> Response:
        """The reader's own choices."""
        return Response(_preferences(choices_of(self.member), self.member))

    @extend_schema(
        operation_id="choose_preferences",
        tags=["notices"],
        summary="Choose how I am told",
        request=PreferenceWords,
        responses=says(shapes.Preferences, "What is chosen now.", 400, 403, 413, 415, 422),
    )
    def post(self, request: Request) -> Response:
        """Keeps what is sent; the rest stays."""
        said = self.words(PreferenceWords, request.data)
        before = choices_of(self.member)
        paces = {(Kind(row["kind"]), row["channel"]): Pace(row["pace"]) for row in said.get("paces", [])}
        choices = Choices(
            paces,
            said.get("daily_at", before.daily_at),
            said.get("quiet_from", before.quiet_from),
            said.get("quiet_until", before.quiet_until),
            said.get("weekly", before.weekly),
        )
        done = choose(member=self.member, choices=choices, by=self.member, at=timezone.now())
        return Response(_preferences(done, self.member))


def _preferences(choices: Choices, member: Member) -> shapes.Preferences:
    return {
        "paces": [
            {
                "kind": kind.value,
                "channel": channel,
                "pace": pace.value,
            }
            for (kind, channel), pace in choices.paces.items()
        ],
        "daily_at": choices.daily_at,
        "quiet_from": _clock(choices.quiet_from),
        "quiet_until": _clock(choices.quiet_until),
        "weekly": choices.weekly,
        "zone": member.zone or member.organization.zone,
    }


def _clock(time: time | None) -> str | None:
    return time.strftime(CLOCK) if time is not None else None
