"""Making, revising and publishing flows."""

from handoffs.actions.flows.problems import problems_of
from handoffs.actions.flows.publish import publish_flow
from handoffs.actions.flows.retire import retire_flow
from handoffs.actions.flows.revise import create_flow, revise_flow
from handoffs.actions.flows.write import write_flow

__all__ = ["create_flow", "problems_of", "publish_flow", "retire_flow", "revise_flow", "write_flow"]
