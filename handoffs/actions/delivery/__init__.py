"""What people and organizations choose about being told, and what to do when telling failed."""

from handoffs.actions.delivery.choose import Choices, choices_of, choose
from handoffs.actions.delivery.report import report
from handoffs.actions.delivery.rooms import close_room, open_room
from handoffs.actions.delivery.stop_digests import stop_digests
from handoffs.actions.delivery.try_again import try_again

__all__ = ["Choices", "choices_of", "choose", "close_room", "open_room", "report", "stop_digests", "try_again"]
