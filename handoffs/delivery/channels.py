"""The ways by which a message leaves the portal; docs/how-to/add-a-delivery-channel.md says how to add one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from handoffs.delivery import chat, mail
from handoffs.delivery.digest_letter import DigestLetter
from handoffs.delivery.models import Digest, Message
from handoffs.delivery.parcel import Failure, Parcel, Target, Telling
from handoffs.delivery.report_letter import ReportLetter
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event


class Channel(Protocol):
    """What each channel is: a module (or an object) with these functions."""

    def targets(self, told: Sequence[Telling]) -> Iterable[tuple[Event, Target]]:
        """Whom this channel reaches of those who are told, or which rooms; all of one organization, asked once."""

    def pack(self, message: Message, handoff: Handoff, *, at: datetime) -> Parcel:
        """The message, ready to go. All that it says is read here: nothing asks the database while it travels."""

    def plain(self, message: Message, handoff: Handoff, *, at: datetime) -> tuple[str, str]:
        """Its subject and its text, for somebody who wants to read beforehand what would go out."""

    def pack_digest(self, digest: Digest, letter: DigestLetter | ReportLetter) -> Parcel:
        """The same for a digest or a report; never asked of a channel that reaches rooms only."""

    def explain(self, failure: Exception) -> Failure:
        """What a parcel's failure means."""


CHANNELS: Mapping[str, Channel] = {"mail": mail, "chat": chat}

# Those that reach people, who choose for each how soon they are told; with the word that a form uses.
PERSONAL: Mapping[str, str] = {"mail": "Mail"}
