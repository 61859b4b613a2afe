"""Bring in an event log: upload it, choose its columns, have it read, and see it as an organization of its own."""

from handoffs.actions.logs.bring_in import bring_in, bring_in_more
from handoffs.actions.logs.choose_columns import choose_columns
from handoffs.actions.logs.discard_log import discard_log
from handoffs.actions.logs.read_more import read_more
from handoffs.actions.logs.upload_log import upload_log

__all__ = ["bring_in", "bring_in_more", "choose_columns", "discard_log", "read_more", "upload_log"]
