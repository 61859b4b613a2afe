"""Who is told of what, as data: the roles that each verb tells."""

from collections.abc import Mapping
from enum import StrEnum

from handoffs.lifecycle import Verb


class Told(StrEnum):
    """The role in which a person is told. Each is filled from the event's facts by `handoffs.delivery.people`."""

    RECEIVERS = "receivers"  # to_member, else those in to_team who could take it
    FORMER_RECEIVERS = "former_receivers"  # the same of former_member and former_team, or of the offer that ended
    GIVER = "giver"  # giver_id
    SENDER = "sender"  # the handoff's first sender
    CUSTODIAN = "custodian"  # who answers for it now
    FORMER_HOLDER = "former_holder"  # former_holder
    DISPLACED = "displaced"  # displaced_id
    HOLDER = "holder"  # holder_id
    ASKER = "asker"  # asker_id
    MENTIONED = "mentioned"  # mentioned
    SHARED_WITH = "shared_with"  # to_member, or everybody in to_team
    RUNG = "rung"  # the audience that an alarm's rung names; each person is told in the role named there


# The first role in which somebody is found is the one in which they are told.
TELLING: Mapping[Verb, tuple[Told, ...]] = {
    Verb.OFFER: (Told.RECEIVERS,),
    Verb.UNPLAN: (Told.CUSTODIAN,),
    Verb.PASS_ON: (Told.RECEIVERS,),
    Verb.HAND_BACK: (Told.RECEIVERS,),
    Verb.REOPEN: (Told.RECEIVERS,),
    Verb.REDIRECT: (Told.RECEIVERS, Told.CUSTODIAN, Told.FORMER_RECEIVERS),
    Verb.WITHDRAW: (Told.FORMER_RECEIVERS,),
    Verb.ACCEPT: (Told.GIVER, Told.FORMER_HOLDER, Told.SENDER),
    Verb.RETURN: (Told.CUSTODIAN, Told.GIVER),
    Verb.ASK: (Told.RECEIVERS,),
    Verb.ANSWER: (Told.ASKER,),
    Verb.HOLD: (Told.SENDER,),
    Verb.RESUME: (Told.CUSTODIAN, Told.SENDER),
    Verb.COMPLETE: (Told.SENDER,),
    Verb.CANCEL: (Told.FORMER_HOLDER, Told.FORMER_RECEIVERS, Told.SENDER),
    Verb.TAKE_OVER: (Told.HOLDER, Told.DISPLACED, Told.SENDER),
    Verb.NOTE: (Told.MENTIONED, Told.CUSTODIAN, Told.SENDER),
    Verb.NUDGE: (Told.RECEIVERS,),
    Verb.SHARE: (Told.SHARED_WITH,),
    Verb.ESCALATE: (Told.RUNG,),
}
