"""Flows that travel between organizations: one file, with names in it and no ids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.actions.flows._names import named_as_today
from handoffs.actions.flows.problems import judged
from handoffs.actions.flows.revise import create_flow
from handoffs.actions.flows.write import unreadable
from handoffs.flows import bpmn
from handoffs.flows import document as documents
from handoffs.flows.files import Filed, read_file, written_file
from handoffs.flows.plan import Plan
from handoffs.flows.problems import Problem
from handoffs.models import Flow, FlowVersion
from tenants.models import Member
from tenants.refusals import Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving

# What an organization must have before a flow that names it can be taken in; everything else is for the draft.
_MISSING = ("unknown_template", "unknown_team", "unknown_member", "unknown_flow")


def import_flow(*, text: str | bytes, by: Member, at: datetime, name: str = "") -> FlowVersion:
    """A new flow from an exported file, as a draft; `name` in the place of its own.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid flow_unreadable, or Invalid missing_here with a list of
    the templates, teams, members and flows that the file names and this organization lacks.
    """
    must_run_the_organization(by)
    try:
        filed = read_file(text)
    except documents.Unreadable as fault:
        raise unreadable(fault) from None
    return make_flow(filed, by=by, at=at, name=name)


@dataclass(frozen=True)
class Imported:
    """A draft, and what was decided in reading the file, each in a sentence."""

    version: FlowVersion
    notes: tuple[str, ...]


def import_bpmn(*, text: str | bytes, by: Member, at: datetime, name: str = "") -> Imported:
    """A new flow from a process in BPMN 2.0 XML, as a draft.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid bpmn_not_understood with a list of every element (with
    id, name and line) that is not understood, or Invalid missing_here.
    """
    must_run_the_organization(by)
    try:
        taken = bpmn.read(text)
    except bpmn.NotUnderstood as fault:
        raise Invalid(
            f"This process cannot be taken in as it is. {fault}",
            code="bpmn_not_understood",
            details={"strange": [one.as_data() for one in fault.strange]},
        ) from None
    filed = Filed(taken.name, taken.description, taken.plan)
    return Imported(make_flow(filed, by=by, at=at, name=name), taken.notes)


def make_flow(filed: Filed, *, by: Member, at: datetime, name: str = "") -> FlowVersion:
    """The draft of what a file holds. Raises Conflict name_taken, Invalid missing_here."""
    with saving():
        draft = create_flow(
            name=name or filed.name,
            description=filed.description,
            document=documents.written(filed.plan),
            by=by,
            at=at,
        )
        missing = [problem for problem in judged(draft, filed.plan)[0] if problem.code in _MISSING]
        if missing:
            raise _missing_here(missing)
    return draft


def export_flow(version: FlowVersion, by: Member) -> dict[str, Any]:
    """The file of a version, with the names of things as they are now. Raises Forbidden not_an_admin."""
    must_be_home(by, version)
    must_run_the_organization(by)
    flow: Flow = version.flow
    return written_file(Filed(flow.name, flow.description, _plan_today(version)))


def export_bpmn(version: FlowVersion, by: Member) -> str:
    """A version as BPMN 2.0 XML. Raises Forbidden not_an_admin."""
    must_be_home(by, version)
    must_run_the_organization(by)
    return bpmn.written(_plan_today(version), name=version.flow.name, description=version.flow.description)


def _plan_today(version: FlowVersion) -> Plan:
    return documents.read(named_as_today(version))


def _missing_here(missing: list[Problem]) -> Invalid:
    sentences = " ".join(dict.fromkeys(problem.sentence for problem in missing))
    return Invalid(
        f"This flow names what is not here. {sentences}",
        code="missing_here",
        details={"problems": [problem.as_data() for problem in missing]},
    )
