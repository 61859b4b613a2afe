"""Making, revising and publishing templates and ladders."""

from handoffs.actions.templates.equip import equip
from handoffs.actions.templates.ladders import create_ladder, revise_ladder
from handoffs.actions.templates.publish import publish
from handoffs.actions.templates.revise import create_template, revise

__all__ = ["create_ladder", "create_template", "equip", "publish", "revise", "revise_ladder"]
