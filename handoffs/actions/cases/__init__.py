"""Every verb of a case, one file each: launching it, and what happens to it as a whole."""

from handoffs.actions.cases.add_step import add_step
from handoffs.actions.cases.cancel_case import cancel_case
from handoffs.actions.cases.launch import launch, must_not_be_a_client
from handoffs.actions.cases.move_cases import Moving, move_cases
from handoffs.actions.cases.next_of import Dropped, NextStep, next_of
from handoffs.actions.cases.reassign import entrust, reassign
from handoffs.actions.cases.send_back import send_back
from handoffs.actions.cases.skip import skip
from handoffs.actions.cases.wake import wake

__all__ = [
    "Dropped",
    "Moving",
    "NextStep",
    "add_step",
    "cancel_case",
    "entrust",
    "launch",
    "move_cases",
    "must_not_be_a_client",
    "next_of",
    "reassign",
    "send_back",
    "skip",
    "wake",
]
