"""A flow played on a virtual clock before it is published: the same engine, nothing sent, nothing kept."""

from handoffs.sandbox.play import play
from handoffs.sandbox.protocol import Entry, Played, Told
from handoffs.sandbox.script import NEVER, Script, StepScript

__all__ = ["NEVER", "Entry", "Played", "Script", "StepScript", "Told", "play"]
