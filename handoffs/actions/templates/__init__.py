"""Making, revising and publishing templates and ladders."""

from handoffs.actions.templates.equip import equip
from handoffs.actions.templates.ladders import create_ladder, revise_ladder
from handoffs.actions.templates.prove import prove_due, prove_ladder
from handoffs.actions.templates.publish import publish
from handoffs.actions.templates.revise import create_template, revise
from handoffs.actions.templates.update_template import update_template
from handoffs.actions.templates.write import write

__all__ = [
    "create_ladder",
    "create_template",
    "equip",
    "prove_due",
    "prove_ladder",
    "publish",
    "revise",
    "revise_ladder",
    "update_template",
    "write",
]
