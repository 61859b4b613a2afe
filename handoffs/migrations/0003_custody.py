"""The custody invariant, held by the database itself.

At commit a live handoff has exactly one holder, custody rows follow each other without gap or overlap, and an offer
is open exactly when its handoff says so. Only ordinary unique keys and deferred references are used, so that it
works without btree_gist on PostgreSQL 15 and later.
"""

from django.db import migrations

REFERENCES = {
    # Row n starts where row n−1 ended.
    "custody_follows_end": (
        "handoffs_custody (organization_id, handoff_id, previous_seq, follows_at)",
        "handoffs_custody (organization_id, handoff_id, seq, ended_at)",
    ),
    # A row that starts later than that resumes, and only what was closed can be resumed.
    "custody_resumes_closed": (
        "handoffs_custody (organization_id, handoff_id, resumed_seq, must_be_closed)",
        "handoffs_custody (organization_id, handoff_id, seq, closed)",
    ),
    # A live handoff points at an open row, and its custodian is that row's holder.
    "handoff_custody_is_open": (
        "handoffs_handoff (organization_id, id, custody_seq, custodian_id, must_be_open)",
        "handoffs_custody (organization_id, handoff_id, seq, holder_id, is_open)",
    ),
    # An open row is pointed at: a handoff that has ended leaves none behind.
    "custody_open_is_known": (
        "handoffs_custody (organization_id, handoff_id, open_seq)",
        "handoffs_handoff (organization_id, id, custody_seq)",
    ),
    "handoff_offer_is_open": (
        "handoffs_handoff (organization_id, id, open_offer_id, must_be_open)",
        "handoffs_offer (organization_id, handoff_id, id, is_open)",
    ),
    "offer_open_is_known": (
        "handoffs_offer (organization_id, handoff_id, open_id)",
        "handoffs_handoff (organization_id, id, open_offer_id)",
    ),
}


def _add(name: str, source: str, target: str) -> migrations.RunSQL:
    table, columns = source.split(" ", 1)
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY {columns} REFERENCES {target} "
        "DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0002_walls")]

    operations = [_add(name, source, target) for name, (source, target) in REFERENCES.items()]
