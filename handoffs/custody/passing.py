"""How custody begins, passes and ends. Each returns what changes on the handoff's own row."""

from datetime import datetime
from typing import Any

from django.db import connection

from handoffs.custody.models import Custody, Offer
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.refusals import nobody_to_receive
from tenants.models import Member, Team
from tenants.presence import stays

# One statement, for a transition has few to spare. The next holder is held here until the change is committed, as
# `tenants.presence.stays` does; what is replayed tells of people as they were, gone or not.
_MOVE = """
WITH here AS MATERIALIZED (
    SELECT 1 FROM tenants_member
     WHERE organization_id = %(organization)s AND id = %(holder)s AND left_at IS NULL FOR SHARE
), ended AS (
    UPDATE handoffs_custody SET ended_at = %(at)s, closed = false
     WHERE organization_id = %(organization)s AND handoff_id = %(handoff)s AND ended_at IS NULL
       AND (%(anybody)s OR EXISTS (SELECT 1 FROM here))
    RETURNING seq
)
INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, team_id, offer_id, verb, started_at,
       follows_at, closed, resumes)
SELECT %(organization)s, %(handoff)s, ended.seq + 1, %(holder)s, %(team)s, %(offer)s, %(verb)s, %(at)s, %(at)s,
       false, false
  FROM ended
"""


def authored(author: Member, team: Team | None) -> dict[str, Any]:
    """The columns of a handoff that is being made: its author is the first sender, and answers for it."""
    return {
        "sender": author,
        "sender_team": team,
        "custodian": author,
        "custodian_team": team,
        "custody_seq": 1,
    }


def begin(handoff: Handoff, holder: Member, *, at: datetime) -> None:
    """The author's custody: row 1. The handoff's own columns are those of `authored`."""
    refuse_the_departed(handoff, holder)
    first(handoff, holder, at=at).save(force_insert=True)


def first(handoff: Handoff, holder: Member, *, at: datetime) -> Custody:
    """Row 1, not saved yet, of who answers for a handoff that is being made."""
    return Custody(
        organization_id=handoff.organization_id,
        handoff=handoff,
        seq=1,
        holder=holder,
        team_id=handoff.custodian_team_id,
        verb=Verb.DRAFT,
        started_at=at,
    )


def move(
    handoff: Handoff, to: Member, team: Team | None, *, verb: Verb, at: datetime, offer: Offer | None = None
) -> dict[str, Any]:
    """Ends the open row and starts the next at the same instant. Raises `Invalid` when `to` has just left."""
    given: dict[str, Any] = {
        "organization": handoff.organization_id,
        "handoff": handoff.id,
        "holder": to.id,
        "team": team.id if team else None,
        "offer": offer.id if offer else None,
        "verb": str(verb),
        "at": at,
        "anybody": handoff.imported,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, given)
        if cursor.rowcount != 1:
            raise nobody_to_receive(to.name, "they have left")
    return {"custodian": to, "custodian_team": team, "custody_seq": (handoff.custody_seq or 0) + 1}


def end(handoff: Handoff, *, at: datetime) -> dict[str, Any]:
    """Nobody answers for it any more: it is completed or cancelled."""
    ended = Custody.objects.filter(handoff_id=handoff.id, ended_at__isnull=True).update(ended_at=at, closed=True)
    assert ended == 1, "a live handoff has exactly one open custody row"
    return {"custodian": None, "custodian_team": None, "custody_seq": None, "closed_at": at}


def resume(handoff: Handoff, holder: Member, team: Team | None, *, verb: Verb, at: datetime) -> dict[str, Any]:
    """Custody of a completed handoff starts again."""
    last = handoff.custodies.latest("seq")
    _start(handoff, last.seq + 1, holder, team, verb=verb, at=at, follows_at=last.ended_at, resumes=True)
    return {"custodian": holder, "custodian_team": team, "custody_seq": last.seq + 1, "closed_at": None}


def refuse_the_departed(handoff: Handoff, member: Member) -> None:
    """Holds the member here until the change is committed. Raises `Invalid` for one who has left meanwhile.

    What is replayed tells of people as they were, gone or not.
    """
    if not handoff.imported and not stays(member):
        raise nobody_to_receive(member.name, "they have left")


def _start(
    handoff: Handoff, seq: int, holder: Member, team: Team | None, *, verb: Verb, at: datetime, **more: Any
) -> None:
    refuse_the_departed(handoff, holder)
    Custody.objects.create(
        organization_id=handoff.organization_id,
        handoff=handoff,
        seq=seq,
        holder=holder,
        team=team,
        verb=verb,
        started_at=at,
        **more,
    )
