"""Replaying an event log through the real actions, with the log's own times."""

from handoffs.actions.replay.figures import Figures
from handoffs.actions.replay.run import Stopped, gather, replay

__all__ = ["Figures", "Stopped", "gather", "replay"]
