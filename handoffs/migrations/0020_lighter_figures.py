"""Histograms of lanes in one row each, and what stands counted too: what an overview reads no longer grows with it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import connection, migrations, models
from typing import Any

import tenants.models.base
from tenants.isolation import isolate
from tenants.scope import everyone

LANE = "organization_id, workspace_id, template_id, flow_id, from_team_id, to_team_id, week"
SET_ASIDE = "CREATE TEMPORARY TABLE former AS SELECT * FROM handoffs_lanetime"
TAKE_BACK = f"""
INSERT INTO handoffs_lanetime ({LANE}, measure, worked, steps, ended, "left")
SELECT {LANE}, measure, worked, array_agg(step ORDER BY step), array_agg(ended ORDER BY step),
       array_agg("left" ORDER BY step)
  FROM former GROUP BY {LANE}, measure, worked
"""
STANDING = f"""
INSERT INTO handoffs_lanestanding ({LANE}, stands, stands_team_id, year, count, since, stood)
SELECT {LANE}, stands, stands_team_id, year, count(*), sum(kept_at - make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC')),
       sum(stood_worked)
  FROM handoffs_leg, LATERAL (SELECT extract(year FROM kept_at AT TIME ZONE 'UTC')::int) AS kept(year)
 WHERE stands <> '' GROUP BY {LANE}, stands, stands_team_id, year
"""


def set_aside(apps: Any, schema_editor: Any) -> None:
    with everyone(), connection.cursor() as cursor:
        cursor.execute(SET_ASIDE)
        cursor.execute("TRUNCATE handoffs_lanetime")


def take_back(apps: Any, schema_editor: Any) -> None:
    with everyone(), connection.cursor() as cursor:
        cursor.execute(TAKE_BACK)
        cursor.execute(STANDING)
        cursor.execute("DROP TABLE former")
        # Rows that wait for their references to be checked keep the indexes of their table from being made.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0019_own_figures'),
        ('tenants', '0004_logo'),
    ]

    operations = [
        migrations.RunPython(set_aside, migrations.RunPython.noop),
        migrations.RemoveField(model_name='lanetime', name='step'),
        migrations.RemoveField(model_name='lanetime', name='ended'),
        migrations.RemoveField(model_name='lanetime', name='left'),
        migrations.AddField(
            model_name='lanetime',
            name='steps',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='lanetime',
            name='ended',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='lanetime',
            name='left',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='LaneStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(help_text="The Monday of the week, in the organization's zone, in which it was offered.")),
                ('stands', models.CharField(max_length=12)),
                ('year', models.SmallIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('since', models.DurationField()),
                ('stood', models.DurationField()),
                ('flow', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handoffs.flow')),
                ('from_team', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('stands_team', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team')),
                ('template', tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handoffs.handofftemplate')),
                ('to_team', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team')),
                ('workspace', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'week', 'to_team'], name='lane_standing_of_week')],
            },
        ),
        *isolate("LaneStanding", "workspace", "template", "flow", "from_team", "to_team", "stands_team"),
        migrations.RunPython(take_back, migrations.RunPython.noop),
    ]
