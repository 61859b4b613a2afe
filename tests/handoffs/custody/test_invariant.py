"""Hostile SQL against the custody invariant: PostgreSQL itself refuses, whatever the application does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import Error, connection, transaction

from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.world import World


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """The block, or the commit that would follow it, breaks this constraint."""
    with pytest.raises(Error, match=constraint), transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def run(sql: str, handoff: Handoff) -> None:
    """Runs `sql` with the handoff's id for %(h)s; it must touch a row, or it would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"h": handoff.id})
        assert cursor.rowcount > 0, "the attack missed"


COPY_OPEN_ROW = """
INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, team_id, verb, started_at, ended_at, closed,
                              resumes, follows_at)
SELECT organization_id, handoff_id, {seq}, holder_id, team_id, verb, {started}, {ended}, false, {resumes}, {follows}
  FROM handoffs_custody WHERE handoff_id = %(h)s AND ended_at IS NULL
"""
OPEN_OFFER_AGAIN = """
INSERT INTO handoffs_offer (organization_id, handoff_id, seq, verb, state, giver_id, to_team_id, message, offered_at,
                            reason_code, reason)
SELECT organization_id, handoff_id, seq + 1, verb, 'open', giver_id, to_team_id, '', offered_at, '', ''
  FROM handoffs_offer WHERE handoff_id = %(h)s ORDER BY seq DESC LIMIT 1
"""


def test_a_live_handoff_cannot_lose_its_holder(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    with refused("handoff_custody_is_open"):
        run("UPDATE handoffs_custody SET ended_at = started_at WHERE handoff_id = %(h)s AND ended_at IS NULL", handoff)
    with refused("handoff_custody_is_open"):
        run("DELETE FROM handoffs_custody WHERE handoff_id = %(h)s", handoff)
    with refused("handoff_live_has_custodian"):
        run("UPDATE handoffs_handoff SET custodian_id = NULL WHERE id = %(h)s", handoff)
    with refused("handoff_live_has_custodian"):
        run("UPDATE handoffs_handoff SET custody_seq = NULL, custodian_id = NULL WHERE id = %(h)s", handoff)


def test_the_custodian_on_the_handoff_is_the_holder_of_the_open_row(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    with refused("handoff_custody_is_open"):
        run(f"UPDATE handoffs_handoff SET custodian_id = {world.ana.id} WHERE id = %(h)s", handoff)
    with refused("custody_open_is_known|handoff_custody_is_open"):
        run("UPDATE handoffs_handoff SET custody_seq = 1 WHERE id = %(h)s", handoff)


def test_nobody_holds_it_twice(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    again = COPY_OPEN_ROW.format(
        seq="seq + 1", started="started_at", ended="NULL", resumes="false", follows="started_at"
    )
    with refused("custody_one_open"):
        run(again, handoff)


def test_no_overlap_no_gap(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    for shift in ("+ interval '1 second'", "- interval '1 second'"):
        with refused("custody_follows"):
            run(
                f"UPDATE handoffs_custody SET started_at = started_at {shift} WHERE handoff_id = %(h)s AND seq = 2",
                handoff,
            )
        with refused("custody_follows_end"):
            run(
                f"UPDATE handoffs_custody SET started_at = started_at {shift}, follows_at = follows_at {shift} "
                "WHERE handoff_id = %(h)s AND seq = 2",
                handoff,
            )
        with refused("custody_follows_end|custody_time_forward"):
            run(
                f"UPDATE handoffs_custody SET ended_at = ended_at {shift} WHERE handoff_id = %(h)s AND seq = 1",
                handoff,
            )


def test_a_past_row_cannot_vanish_or_be_invented(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    with refused("custody_follows_end"):
        run("DELETE FROM handoffs_custody WHERE handoff_id = %(h)s AND seq = 1", handoff)
    with refused("custody_follows_end"):
        run(
            COPY_OPEN_ROW.format(
                seq="99", started="started_at", ended="started_at", resumes="false", follows="started_at"
            ),
            handoff,
        )


def test_only_what_was_closed_can_resume(world: World) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    with refused("custody_resumes_closed"):
        run(
            "UPDATE handoffs_custody SET ended_at = started_at + interval '1 hour' "
            "WHERE handoff_id = %(h)s AND ended_at IS NULL",
            handoff,
        )
        late = "started_at + interval '2 hours'"
        follows = "started_at + interval '1 hour'"
        run(
            "INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, verb, started_at, closed, "
            f"resumes, follows_at) SELECT organization_id, handoff_id, 3, holder_id, 'reopen', {late}, false, true, "
            f"{follows} FROM handoffs_custody WHERE handoff_id = %(h)s AND seq = 2",
            handoff,
        )
        run("UPDATE handoffs_handoff SET custody_seq = 3 WHERE id = %(h)s", handoff)


def test_a_completed_handoff_leaves_no_open_row(world: World) -> None:
    handoff = world.handoff(at=State.COMPLETED)
    with refused("custody_open_is_known"):
        run("UPDATE handoffs_custody SET ended_at = NULL, closed = false WHERE handoff_id = %(h)s AND seq = 2", handoff)
    with refused("handoff_live_has_custodian"):
        run("UPDATE handoffs_handoff SET state = 'started' WHERE id = %(h)s", handoff)


def test_two_open_offers_are_refused(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with refused("offer_one_open"):
        run(OPEN_OFFER_AGAIN, handoff)


def test_an_offer_is_open_exactly_when_its_handoff_says_so(world: World) -> None:
    offered, accepted = world.handoff(at=State.OFFERED), world.handoff(at=State.ACCEPTED)
    with refused("offer_open_is_known"):
        run(OPEN_OFFER_AGAIN, accepted)
    with refused("handoff_offered_has_offer"):
        run("UPDATE handoffs_handoff SET open_offer_id = NULL WHERE id = %(h)s", offered)
    with refused("handoff_offer_is_open"):
        run(
            "UPDATE handoffs_offer SET state = 'withdrawn', closed_at = offered_at, closed_by_id = giver_id "
            "WHERE handoff_id = %(h)s",
            offered,
        )


def test_the_ledger_cannot_be_rewritten(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for attack in (
        "UPDATE handoffs_event SET facts = '{}' WHERE handoff_id = %(h)s",
        "DELETE FROM handoffs_event WHERE handoff_id = %(h)s",
        "TRUNCATE handoffs_event CASCADE",
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            run(attack, handoff)
