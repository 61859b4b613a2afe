"""The ledger is append-only: PostgreSQL refuses to change, delete or truncate events, whoever asks.

A trigger rather than revoked rights: the checks of references to a table run with its owner's rights and need UPDATE.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION handoffs_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: events are neither changed nor deleted.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON handoffs_event
    FOR EACH ROW EXECUTE FUNCTION handoffs_event_is_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON handoffs_event
    FOR EACH STATEMENT EXECUTE FUNCTION handoffs_event_is_append_only();
"""

ALLOW = """
DROP TRIGGER event_no_truncate ON handoffs_event;
DROP TRIGGER event_append_only ON handoffs_event;
DROP FUNCTION handoffs_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0003_custody")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
