"""Replaying an event log through the real actions, with the log's own times."""

from handoffs.actions.replay.cast import Cast
from handoffs.actions.replay.figures import Figures
from handoffs.actions.replay.reading import Words
from handoffs.actions.replay.roster import enrol
from handoffs.actions.replay.run import Stopped, gather, read_batch, replay

__all__ = ["Cast", "Figures", "Stopped", "Words", "enrol", "gather", "read_batch", "replay"]
