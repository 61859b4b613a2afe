"""Every verb, one file each. Pages, API and admin call these and nothing else to change a handoff."""

from handoffs.actions.accept import accept
from handoffs.actions.answer import answer
from handoffs.actions.ask import ask
from handoffs.actions.attach import attach
from handoffs.actions.cancel import cancel
from handoffs.actions.complete import complete
from handoffs.actions.draft import draft
from handoffs.actions.edit import edit
from handoffs.actions.escalate import escalate
from handoffs.actions.hand_back import hand_back
from handoffs.actions.hold import hold
from handoffs.actions.link import link
from handoffs.actions.note import note
from handoffs.actions.nudge import nudge
from handoffs.actions.offer import offer
from handoffs.actions.pass_on import pass_on
from handoffs.actions.plan import plan
from handoffs.actions.recompute import recompute
from handoffs.actions.redirect import redirect
from handoffs.actions.reopen import reopen
from handoffs.actions.resume import resume
from handoffs.actions.return_ import return_
from handoffs.actions.share import share
from handoffs.actions.start import start
from handoffs.actions.take_over import take_over
from handoffs.actions.tick import tick
from handoffs.actions.unplan import unplan
from handoffs.actions.unshare import unshare
from handoffs.actions.view import view
from handoffs.actions.withdraw import withdraw

__all__ = [
    "accept",
    "answer",
    "ask",
    "attach",
    "cancel",
    "complete",
    "draft",
    "edit",
    "escalate",
    "hand_back",
    "hold",
    "link",
    "note",
    "nudge",
    "offer",
    "pass_on",
    "plan",
    "recompute",
    "redirect",
    "reopen",
    "resume",
    "return_",
    "share",
    "start",
    "take_over",
    "tick",
    "unplan",
    "unshare",
    "view",
    "withdraw",
]
