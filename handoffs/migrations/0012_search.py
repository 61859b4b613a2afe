"""Words of handoffs: looked up by index in spite of row security; for that a second, restrictive policy stands there."""

from typing import Any

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import connection, migrations, models

import tenants.models.base
from handoffs.search.writing import write_words
from tenants.isolation import isolate
from tenants.scope import everyone

SOUGHT = """
CREATE POLICY sought ON handoffs_words AS RESTRICTIVE FOR SELECT
 USING (words @@ coalesce(nullif(current_setting('handrail.sought', true), ''), '''=''')::tsquery)
"""
AT_ONCE = 2000


def write_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Words of the handoffs that were written before."""
    last = 0
    with everyone(), connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT id FROM handoffs_handoff WHERE id > %s ORDER BY id LIMIT %s", [last, AT_ONCE])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                break
            write_words(ids)
            last = ids[-1]
        # The index comes last, and PostgreSQL makes none while references of new rows are still to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0011_flows'),
        ('tenants', '0003_invitations_by_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Words',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('handoff', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='handoffs.handoff')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='words_in_handoffs')],
                'constraints': [models.UniqueConstraint(fields=('handoff',), name='words_once_per_handoff')],
            },
        ),
        *isolate("Words", "handoff"),
        migrations.RunSQL(SOUGHT, "DROP POLICY sought ON handoffs_words"),
        migrations.RunPython(write_what_is_there, migrations.RunPython.noop),
    ]
