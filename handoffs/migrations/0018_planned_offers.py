"""What is offered by itself when its receiver opens."""

import django.db.models.deletion
import handoffs.lifecycle
import tenants.models.base
from django.db import migrations, models

from tenants.isolation import TenantReference


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0017_previews'),
        ('tenants', '0004_logo'),
    ]

    operations = [
        migrations.AddField(
            model_name='handoff',
            name='planned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='handoff',
            name='planned_member',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member'),
        ),
        migrations.AddField(
            model_name='handoff',
            name='planned_message',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='handoff',
            name='planned_team',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team'),
        ),
        migrations.AlterField(
            model_name='custody',
            name='verb',
            field=models.CharField(choices=[('draft', 'New handoff'), ('edit', 'Edit'), ('offer', 'Offer'), ('plan', 'Offer when they open'), ('unplan', 'Do not offer it then'), ('pass_on', 'Pass on'), ('hand_back', 'Hand back'), ('redirect', 'Redirect'), ('withdraw', 'Withdraw'), ('view', 'View'), ('ask', 'Ask'), ('answer', 'Answer'), ('accept', 'Accept handoff'), ('return', 'Return'), ('start', 'Start'), ('hold', 'Put on hold'), ('resume', 'Resume'), ('complete', 'Complete'), ('reopen', 'Reopen'), ('cancel', 'Cancel'), ('take_over', 'Take over'), ('note', 'Add note'), ('attach', 'Attach'), ('tick', 'Tick'), ('nudge', 'Nudge'), ('link', 'Add link'), ('share', 'Share'), ('unshare', 'Stop sharing'), ('escalate', 'Escalate'), ('recompute', 'Recompute')], max_length=12),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('draft', 'New handoff'), ('edit', 'Edit'), ('offer', 'Offer'), ('plan', 'Offer when they open'), ('unplan', 'Do not offer it then'), ('pass_on', 'Pass on'), ('hand_back', 'Hand back'), ('redirect', 'Redirect'), ('withdraw', 'Withdraw'), ('view', 'View'), ('ask', 'Ask'), ('answer', 'Answer'), ('accept', 'Accept handoff'), ('return', 'Return'), ('start', 'Start'), ('hold', 'Put on hold'), ('resume', 'Resume'), ('complete', 'Complete'), ('reopen', 'Reopen'), ('cancel', 'Cancel'), ('take_over', 'Take over'), ('note', 'Add note'), ('attach', 'Attach'), ('tick', 'Tick'), ('nudge', 'Nudge'), ('link', 'Add link'), ('share', 'Share'), ('unshare', 'Stop sharing'), ('escalate', 'Escalate'), ('recompute', 'Recompute')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('planned_at__isnull', False)), fields=['planned_at'], name='handoff_planned'),
        ),
        migrations.AddConstraint(
            model_name='handoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('planned_at__isnull', True), ('planned_member__isnull', True), ('planned_team__isnull', True)), models.Q(('planned_at__isnull', False), ('planned_team__isnull', False), ('state__in', [handoffs.lifecycle.State['DRAFT'], handoffs.lifecycle.State['RETURNED']])), _connector='OR'), name='handoff_planned_is_at_rest'),
        ),
        TenantReference("Handoff", "planned_team"),
        TenantReference("Handoff", "planned_member"),
    ]
