"""The ways by which a message leaves the portal; docs/how-to/add-a-delivery-channel.md says how to add one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from handoffs.delivery import mail
from handoffs.delivery.models import Message
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from tenants.models import Member


class Channel(Protocol):
    """What each channel is: a module (or an object) with these three functions."""

    def reaches(self, member: Member) -> bool:
        """Whether this member can be reached by it at all."""

    def reference(self, event: Event, member: Member) -> str:
        """What the other side will know the message by; the same whenever it is asked for, at most 200 characters."""

    def send(self, message: Message, handoff: Handoff, *, at: datetime) -> None:
        """Hands the message over, or raises; nothing else may be changed."""


CHANNELS: Mapping[str, Channel] = {"mail": mail}
