"""Plays a flow: published, launched and gone through inside a savepoint that is always taken back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from handoffs.actions.cases import launch
from handoffs.actions.cases._receivers import Cast
from handoffs.actions.flows import create_flow, publish_flow
from handoffs.flows.problems import Problem
from handoffs.flows.versions import plan_of
from handoffs.models import FlowVersion
from handoffs.sandbox.course import Course
from handoffs.sandbox.protocol import Played
from handoffs.sandbox.script import Script
from tenants.models import Member, Workspace
from tenants.refusals import Refusal
from tenants.rehearsal import rehearsal
from tenants.rules import must_be_home, must_run_the_organization

MOST_ACTS = 400
MOST_DAYS = timedelta(days=180)
MOST_SECONDS = 15.0


class _Over(Exception):
    """The play is over; everything it did is taken back."""


def play(
    version: FlowVersion,
    *,
    by: Member,
    at: datetime,
    workspace: Workspace,
    script: Script,
    casting: Mapping[str, Cast] | None = None,
    internal_workspace: Workspace | None = None,
    title: str = "A play",
) -> Played:
    """Plays the version, draft or not, from `at` on a virtual clock, and returns its protocol; nothing is kept.

    It ends with the case, with what nobody goes on with, or after 400 acts, 180 days or 15 seconds.
    Raises Forbidden not_an_admin, and what `launch` raises.
    """
    must_be_home(by, version, workspace, internal_workspace)
    must_run_the_organization(by)
    played = Played(at)
    begins = {"workspace": workspace, "internal_workspace": internal_workspace, "casting": casting, "title": title}
    try:
        with rehearsal() as numbers, transaction.atomic():
            _play(version, played, by, at, script, begins, numbers.first)
            raise _Over
    except _Over:
        return played


def _play(
    version: FlowVersion, played: Played, by: Member, at: datetime, script: Script, begins: dict[str, Any], first: int
) -> None:
    """A copy is published, so that nobody who works on the draft has to wait."""
    try:
        with transaction.atomic():
            copy = _published(version, by, at)
    except Refusal as refusal:
        if refusal.code != "flow_has_problems":
            raise
        played.problems = [_problem(each) for each in refusal.details["problems"]]
        return
    course = Course(script, by, at, first)
    course.begin(copy, lambda given: launch(copy, by=by, at=at, given=given, **begins))
    course.go_on(MOST_ACTS, MOST_DAYS, MOST_SECONDS)
    course.conclude(played)


def _published(version: FlowVersion, by: Member, at: datetime) -> FlowVersion:
    name = f"{version.flow.name[:100]} · {uuid4().hex[:12]}"
    draft = create_flow(name=name, document=version.document, by=by, at=at)
    plan_of(draft)
    return publish_flow(version=draft, by=by, at=at)


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(data["place"], data["sentence"], data["code"], data["severity"] == "error")
