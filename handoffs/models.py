"""Every table of the product, in one place for Django and for those who import them."""

from handoffs.clocks.models import Clock, ClockKind
from handoffs.custody.models import Custody, Offer
from handoffs.definition.models import (
    ChecklistDefinition,
    DocumentSlot,
    FieldDefinition,
    HandoffTemplate,
    TemplateVersion,
)
from handoffs.delivery.chat_rooms import ChatPlace, ChatRoom
from handoffs.delivery.models import Bounce, Delivery, Digest, Message, Notice, Preference, Rhythm
from handoffs.escalation.models import Alarm, Ladder, Rung
from handoffs.escalation.proven import Proof
from handoffs.flows.models import (
    Case,
    CaseCounter,
    CaseEvent,
    CaseState,
    CaseVerb,
    Casting,
    Flow,
    FlowVersion,
    Pin,
    Turn,
)
from handoffs.handoff import Counter, Handoff, Priority, number_from
from handoffs.kept.models import LaneStanding, LaneTime, LaneWeek, Leg
from handoffs.ledger.models import Event
from handoffs.logs.models import EventLog, LogRow
from handoffs.packet.models import ChecklistItem, Document, Link, Note, Question
from handoffs.remembered import RememberedAnswer
from handoffs.search.models import Words
from handoffs.search.saved import SavedView
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from handoffs.sides import Side

__all__ = [
    "Alarm",
    "Bounce",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseState",
    "CaseVerb",
    "Casting",
    "ChatPlace",
    "ChatRoom",
    "ChecklistDefinition",
    "ChecklistItem",
    "Clock",
    "ClockKind",
    "Counter",
    "Custody",
    "Delivery",
    "Digest",
    "Document",
    "DocumentSlot",
    "Event",
    "EventLog",
    "FieldDefinition",
    "Flow",
    "FlowVersion",
    "Handoff",
    "HandoffTeamPermission",
    "HandoffTemplate",
    "HandoffUserPermission",
    "Ladder",
    "LaneStanding",
    "LaneTime",
    "LaneWeek",
    "Leg",
    "Link",
    "LogRow",
    "Message",
    "Note",
    "Notice",
    "Offer",
    "Pin",
    "Preference",
    "Priority",
    "Proof",
    "Question",
    "RememberedAnswer",
    "Rhythm",
    "Rung",
    "SavedView",
    "Side",
    "TemplateVersion",
    "Turn",
    "Words",
    "number_from",
]
