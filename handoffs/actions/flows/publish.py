"""Publish a flow: what its names mean today is pinned, and neither it nor that ever changes again."""

from collections.abc import Iterator
from datetime import datetime

from handoffs.actions.flows._gather import Meant, home_team
from handoffs.actions.flows.problems import judged
from handoffs.flows.editing import fingerprint
from handoffs.flows.plan import Plan
from handoffs.flows.problems import Problem, errors
from handoffs.flows.versions import plan_of
from handoffs.models import FlowVersion, Pin
from tenants.models import Member
from tenants.refusals import Conflict, Invalid
from tenants.rules import must_be_home, must_run_the_organization


def publish_flow(*, version: FlowVersion, by: Member, at: datetime, base: str = "") -> FlowVersion:
    """Freezes the version, and pins what its names mean; twice changes nothing.

    `base` is the fingerprint of the document that was looked at, where somebody else may have changed it since. Raises
    Forbidden not_an_admin, Conflict flow_retired, flow_changed, Invalid flow_has_problems with every problem in its
    details.
    """
    must_be_home(by, version)
    must_run_the_organization(by)
    locked = (
        FlowVersion.objects.select_for_update(of=("self",))
        .select_related("flow")
        .get(organization_id=by.organization_id, pk=version.pk)
    )
    if base and base != fingerprint(locked.document):
        raise _changed(locked)
    if locked.is_frozen:
        return locked
    if locked.flow.retired_at is not None:
        raise Conflict(f"{locked.flow.name} is retired; bring it back first.", code="flow_retired")
    plan = plan_of(locked)
    problems, found = judged(locked, plan)
    if errors(problems):
        raise has_problems(problems)
    Pin.objects.bulk_create(_pins(locked, plan, found))
    locked.published_at, locked.published_by = at, by
    locked.save(update_fields=["published_at", "published_by"])
    return locked


def _changed(version: FlowVersion) -> Conflict:
    """What was looked at is not what would be published."""
    if version.is_frozen:
        sentence = "Somebody else changed and published this version meanwhile. Read what is in force now."
    else:
        sentence = "Somebody else changed this draft meanwhile, so it is not published. Look at it, then publish it."
    return Conflict(sentence, code="flow_changed")


def has_problems(problems: list[Problem]) -> Invalid:
    """The refusal that carries the whole list, warnings too."""
    wrong = errors(problems)
    count = "One thing keeps" if len(wrong) == 1 else f"{len(wrong)} things keep"
    sentences = " ".join(problem.sentence for problem in wrong[:3])
    return Invalid(
        f"{count} this flow from being published. {sentences}",
        code="flow_has_problems",
        details={"problems": [problem.as_data() for problem in problems]},
    )


def _pins(version: FlowVersion, plan: Plan, found: Meant) -> Iterator[Pin]:
    for step in plan.steps:
        template, flow = found.templates.get(step.template), found.flows.get(step.flow)
        if template is not None or flow is not None:
            yield Pin(
                organization_id=version.organization_id,
                version=version,
                step=step.key,
                template_version=template,
                flow_version=flow,
            )
    for role in plan.roles:
        member = found.members.get(role.member.lower())
        team = found.teams.get(role.team) or (home_team(member, found.teams.values()) if member else None)
        if team is not None:
            yield Pin(organization_id=version.organization_id, version=version, role=role.key, team=team, member=member)
