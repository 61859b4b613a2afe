"""What our broker needs beside the library's own columns: how often a task was begun, and ways to find the next one."""

from django.db import migrations

FORWARDS = """
ALTER TABLE django_q_ormq ADD COLUMN taken smallint NOT NULL DEFAULT 0;
CREATE INDEX portal_queue_next ON django_q_ormq (key, lock, id);
CREATE INDEX portal_failed_tasks ON django_q_task (stopped DESC) WHERE NOT success;
CREATE INDEX portal_failed_tasks_of ON django_q_task ("group", stopped DESC) WHERE NOT success;
"""
BACKWARDS = """
DROP INDEX portal_failed_tasks_of;
DROP INDEX portal_failed_tasks;
DROP INDEX portal_queue_next;
ALTER TABLE django_q_ormq DROP COLUMN taken;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_heartbeat"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
