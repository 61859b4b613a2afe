"""What is wrong with a version of a flow, as things stand in its organization."""

from handoffs.actions.flows._gather import Meant, facts_of, meant
from handoffs.flows import check
from handoffs.flows.facts import Facts
from handoffs.flows.plan import Plan
from handoffs.flows.problems import Problem
from handoffs.flows.versions import plan_of
from handoffs.models import FlowVersion
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization


def problems_of(version: FlowVersion, by: Member) -> list[Problem]:
    """Everything that is wrong, errors and warnings, in the order of the document. Raises Forbidden not_an_admin."""
    must_be_home(by, version)
    must_run_the_organization(by)
    return judged(version, plan_of(version))[0]


def problems_and_facts(version: FlowVersion, by: Member) -> tuple[list[Problem], Facts]:
    """The same, with what its names mean here: the fields of its templates, the roles of its flows.

    Raises Forbidden not_an_admin.
    """
    must_be_home(by, version)
    must_run_the_organization(by)
    problems, found = judged(version, plan_of(version))
    return problems, facts_of(found, version.flow.name)


def judged(version: FlowVersion, plan: Plan) -> tuple[list[Problem], Meant]:
    """What is wrong with the plan, and what its names mean."""
    found = meant(plan, version.organization_id)
    return check.problems(plan, facts_of(found, version.flow.name)), found
