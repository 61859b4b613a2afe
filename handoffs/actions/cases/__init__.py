"""Every verb of a case, one file each: launching it, and what happens to it as a whole."""

from handoffs.actions.cases.launch import launch

__all__ = ["launch"]
