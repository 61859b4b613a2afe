"""Cases and flows as the API tells them, as far as the reader may know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from handoffs.flows.drawing import waits_for
from handoffs.flows.editing import fingerprint
from handoffs.flows.problems import Problem
from handoffs.flows.versions import pins_of, plan_of
from handoffs.insight.balls import Ball
from handoffs.insight.case_story import Moment
from handoffs.insight.case_time import sums
from handoffs.insight.cases import SeenCase
from handoffs.insight.launching import begins_with, used
from handoffs.insight.upstream import Known, known_in
from handoffs.models import Case, CaseState, CaseVerb, FlowVersion, Side
from portal.api import case_shapes, shapes
from tenants.models import Member, Team, Workspace


def named(row: Member | Team | Workspace) -> shapes.Named:
    """By id and by name."""
    return {"id": row.pk, "name": row.name}


def case_row(case: Case, balls: Sequence[Ball], at: datetime) -> case_shapes.CaseRow:
    """A case as lists show it."""
    version = case.flow_version
    return {
        "reference": case.reference,
        "title": case.title,
        "state": CaseState(case.state),
        "flow": {"id": version.flow_id, "name": version.flow.name, "version": version.number},
        "workspace": named(case.workspace),
        "owner": named(case.owner),
        "launched_by": named(case.launched_by),
        "launched_at": case.launched_at,
        "changed_at": case.changed_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "balls": [_ball(ball, at) for ball in balls],
    }


def _ball(ball: Ball, at: datetime) -> case_shapes.Ball:
    return {
        "step": ball.step,
        "label": ball.label,
        "doing": cast("case_shapes.Doing", ball.doing),
        "who": ball.who,
        "team": ball.team,
        "answers": ball.answers,
        "since": ball.since,
        "until": ball.until,
        "is_late": ball.is_late(at),
        "is_mine": ball.is_mine,
        "reference": ball.reference or None,
    }


def case_detail(seen: SeenCase, allowed: Sequence[CaseVerb]) -> case_shapes.Case:
    """One case."""
    inside = seen.case.internal_workspace
    expected = seen.expected
    roles = [role for role in seen.plan.roles if role.key in seen.castings]
    return {
        **case_row(seen.case, seen.balls, seen.at),
        "reason": seen.case.reason,
        "internal_workspace": named(inside) if inside and not seen.is_client else None,
        "casting": [_cast(seen, role.key, role.label) for role in roles],
        "steps": _steps(seen),
        "time": [
            {"share": share, "side": side, "seconds": lasted.total_seconds()}
            for (share, side), lasted in sums(seen.stretches).items()
        ],
        "expected": {"at": expected.at, "source": expected.source, "cases": expected.cases} if expected else None,
        "known": [_known(known) for known in known_in(seen)],
        "allowed": list(allowed),
    }


def _cast(seen: SeenCase, role: str, label: str) -> case_shapes.Cast:
    casting = seen.castings[role]
    member = named(casting.member) if casting.member else None
    return {"role": role, "label": label, "team": named(casting.team), "member": member}


def _steps(seen: SeenCase) -> list[case_shapes.CaseStep]:
    found: list[case_shapes.CaseStep] = []
    for step in seen.plan.steps:
        mark = seen.marks[step.key]
        found.append(
            {
                "key": step.key,
                "label": step.label,
                "kind": step.kind,
                "state": cast("case_shapes.Standing", str(mark.state)),
                "who": mark.who,
                "came_from": list(mark.came_from),
                "waits_for": waits_for(step, seen.plan),
                "times": mark.times,
                "is_late": mark.is_late,
                "internal": step.internal,
                "reference": mark.href or None,
            }
        )
    return found


def _known(known: Known) -> case_shapes.KnownValue:
    return {
        "step": known.step,
        "label": known.label,
        "field": known.field.key,
        "field_label": known.field.label,
        "value": known.value,
        "who": known.who,
        "at": known.at,
        "reference": known.reference,
        "went_to": list(known.went_to),
        "internal": known.field.internal,
    }


def moment(happened: Moment) -> case_shapes.Moment:
    """One thing that happened."""
    return {
        "at": happened.at,
        "verb": happened.verb,
        "by": happened.by,
        "sentence": happened.sentence,
        "label": happened.label,
        "reference": happened.reference or None,
    }


def flow_row(version: FlowVersion) -> case_shapes.FlowRow:
    """A flow in use."""
    return {
        "id": version.flow_id,
        "name": version.flow.name,
        "description": version.flow.description,
        "version": version.number,
        "published_at": version.published_at,
    }


def flow_detail(version: FlowVersion) -> case_shapes.Flow:
    """A flow with what launching a case of it takes."""
    plan, fixed = plan_of(version), pins_of(version).by_role
    return {
        **flow_row(version),
        "roles": [{"key": role.key, "label": role.label, "is_fixed": role.key in fixed} for role in plan.roles],
        "needs_internal_workspace": any(step.internal for step in plan.steps),
        "document": version.document,
        "launch_schema": _launch_schema(version),
    }


def version_row(version: FlowVersion) -> case_shapes.FlowVersionRow:
    """One version as lists show it."""
    named = {"id": version.flow_id, "name": version.flow.name}
    return cast(
        "case_shapes.FlowVersionRow", {**named, "version": version.number, "published_at": version.published_at}
    )


def version_detail(version: FlowVersion, problems: Sequence[Problem] = ()) -> case_shapes.FlowVersion:
    """One version with its document, and what is wrong with a draft."""
    return {
        **version_row(version),
        "description": version.flow.description,
        "fingerprint": fingerprint(version.document),
        "document": version.document,
        "problems": [cast("case_shapes.FlowProblem", each.as_data()) for each in problems],
    }


def _launch_schema(version: FlowVersion) -> dict[str, Any]:
    """JSON Schema (2020-12) of `casting` and `given`."""
    plan, fixed = plan_of(version), pins_of(version).by_role
    roles = sorted(used(plan) - fixed.keys())
    who = {"type": "object", "properties": {"team": {"type": "integer"}, "member": {"type": ["integer", "null"]}}}
    casting = {key: {"title": plan.roles_by_key[key].label, **who, "required": ["team"]} for key in roles}
    given = {begins.key: begins.asked.schema(Side.SENDER) for begins in begins_with(version)}
    sides = {"casting": (casting, roles), "given": (given, sorted(given))}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            name: {"type": "object", "properties": inside, "required": required}
            for name, (inside, required) in sides.items()
        },
    }
