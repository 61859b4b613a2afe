"""`manage.py ledger verify` against somebody who gets past the product and past the trigger."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.world import World


def verify(*options: str) -> str:
    out = StringIO()
    call_command("ledger", "verify", *options, stdout=out)
    return out.getvalue()


def broken(*options: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="chain"):
        call_command("ledger", "verify", *options, stdout=out)
    return out.getvalue()


def tamper(sql: str, handoff: Handoff) -> None:
    """As the tables' owner, with the trigger out of the way; all of it is rolled back with the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE handoffs_event DISABLE TRIGGER USER")
        cursor.execute(sql, {"handoff": handoff.id})
        assert cursor.rowcount, "nothing was tampered with"
        cursor.execute("ALTER TABLE handoffs_event ENABLE TRIGGER USER")


def test_an_untouched_ledger_is_whole(world: World) -> None:
    handoff = world.handoff(at=State.COMPLETED)
    assert f"fjord  whole: {handoff.ledger_seq} events" in verify("--organization=fjord")
    everywhere = verify()
    assert "fjord  whole" in everywhere
    assert "elsewhere  whole: 0 events" in everywhere


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            """UPDATE handoffs_event SET facts = jsonb_set(facts, '{reason}', '"Never said"')
                WHERE handoff_id = %(handoff)s AND seq = 3""",
            "event 3: it was changed after it was written",
        ),
        (
            "UPDATE handoffs_event SET at = at - interval '1 hour' WHERE handoff_id = %(handoff)s AND seq >= 2",
            "event 2: it was changed",
        ),
        ("DELETE FROM handoffs_event WHERE handoff_id = %(handoff)s AND seq = 2", "event 2: event 2 is gone"),
        (
            "UPDATE handoffs_event SET previous_digest = digest WHERE handoff_id = %(handoff)s AND seq = 2",
            "event 2: it does not follow",
        ),
        (
            """DELETE FROM handoffs_event WHERE handoff_id = %(handoff)s
                  AND seq = (SELECT max(seq) FROM handoffs_event WHERE handoff_id = %(handoff)s)""",
            "event 4: the handoff remembers another last event",
        ),
        ("DELETE FROM handoffs_event WHERE handoff_id = %(handoff)s", "no event: all its events are gone"),
    ],
)
def test_the_first_bad_row_is_named(world: World, sql: str, told: str) -> None:
    before, handoff, after = (world.handoff(at=State.COMPLETED) for _ in range(3))
    tamper(sql, handoff)
    said = broken("--organization=fjord")
    assert f"fjord  {handoff.reference}  {told}" in said
    assert len(said.splitlines()) == 1
    assert before.reference not in said
    assert after.reference not in said
    assert "elsewhere  whole" in broken(), "the other organizations are looked at all the same"


def test_every_broken_chain_is_named_once(world: World) -> None:
    first, second = (world.handoff(at=State.ACCEPTED) for _ in range(2))
    for handoff in (first, second):
        tamper("UPDATE handoffs_event SET internal = NOT internal WHERE handoff_id = %(handoff)s", handoff)
    assert [line.split()[1] for line in broken("--organization=fjord").splitlines()] == [
        first.reference,
        second.reference,
    ]


@pytest.mark.django_db
def test_an_unknown_organization_is_told() -> None:
    with pytest.raises(CommandError, match="no organization nowhere"):
        verify("--organization=nowhere")
