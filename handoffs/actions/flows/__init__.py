"""Making, revising and publishing flows."""

from handoffs.actions.flows.problems import problems_and_facts, problems_of
from handoffs.actions.flows.publish import publish_flow
from handoffs.actions.flows.retire import retire_flow
from handoffs.actions.flows.revise import create_flow, revise_flow
from handoffs.actions.flows.starters import install_starters
from handoffs.actions.flows.travel import export_bpmn, export_flow, import_bpmn, import_flow
from handoffs.actions.flows.update_flow import update_flow
from handoffs.actions.flows.write import write_flow

__all__ = [
    "create_flow",
    "export_bpmn",
    "export_flow",
    "import_bpmn",
    "import_flow",
    "install_starters",
    "problems_and_facts",
    "problems_of",
    "publish_flow",
    "retire_flow",
    "revise_flow",
    "update_flow",
    "write_flow",
]
