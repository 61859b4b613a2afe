"""What channels and the sender share: who is written to, what is ready to go, and how a failure reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handoffs.delivery.chat_rooms import ChatRoom
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from tenants.models import Member

# Hands one message over, or raises; it asks the database nothing, for no transaction is open while it runs.
Parcel = Callable[[], None]

# An event, its handoff, and the people who are told of it, each with the role in which they are.
Telling = tuple[Event, Handoff, Mapping[Member, str]]


@dataclass(frozen=True)
class Target:
    """One that a channel reaches: a person, or a room of the organization; `reference` is the same whenever asked."""

    reference: str
    member: Member | None = None
    room: ChatRoom | None = None


@dataclass(frozen=True)
class Failure:
    """Why something did not go out, in words for the people who look after the work.

    `is_final`: trying again would change nothing. `is_bounce`: the address itself is refused.
    """

    sentence: str
    is_final: bool = False
    is_bounce: bool = False

    @property
    def words(self) -> str:
        """The sentence as a row keeps it: what a server said may be long, or no text at all."""
        return self.sentence.replace("\x00", "")[:300]
