"""Times to start and to answer; rungs that name people, channels and teams."""

import django.db.models.deletion
import tenants.models.base
from django.db import migrations, models

from tenants.isolation import TenantReference


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0004_ledger'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='clock',
            name='clock_one_running',
        ),
        migrations.AddField(
            model_name='clock',
            name='question',
            field=tenants.models.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='handoffs.question'),
        ),
        migrations.AddField(
            model_name='rung',
            name='breaks_quiet',
            field=models.BooleanField(default=False, help_text='Does not wait for the morning.', verbose_name='in quiet hours too'),
        ),
        migrations.AddField(
            model_name='rung',
            name='channels',
            field=models.JSONField(blank=True, default=list, help_text='None: by what each person chose.'),
        ),
        migrations.AddField(
            model_name='rung',
            name='member',
            field=tenants.models.base.TenantForeignKey(blank=True, help_text='Told as well, by name.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member'),
        ),
        migrations.AddField(
            model_name='rung',
            name='redirect_to',
            field=tenants.models.base.TenantForeignKey(blank=True, help_text='Redirects to this team instead of the backup.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team'),
        ),
        migrations.AddField(
            model_name='rung',
            name='team',
            field=tenants.models.base.TenantForeignKey(blank=True, help_text='Told as well, by name.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team'),
        ),
        migrations.AddField(
            model_name='templateversion',
            name='answer_within',
            field=models.DurationField(blank=True, help_text='Working time to answer a question.', null=True),
        ),
        migrations.AddField(
            model_name='templateversion',
            name='start_within',
            field=models.DurationField(blank=True, help_text='Working time to start, once accepted.', null=True),
        ),
        migrations.AlterField(
            model_name='clock',
            name='kind',
            field=models.CharField(choices=[('accept', 'Time to accept'), ('start', 'Time to start'), ('complete', 'Time to complete'), ('answer', 'Time to answer')], max_length=8),
        ),
        migrations.AlterField(
            model_name='rung',
            name='audience',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('question__isnull', True), ('stopped_at__isnull', True)), fields=('handoff', 'kind'), name='clock_one_running'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('question__isnull', False)), fields=('question',), name='clock_one_per_question'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'answer'), ('question__isnull', False)), models.Q(models.Q(('kind', 'answer'), _negated=True), ('question__isnull', True)), _connector='OR'), name='clock_answer_has_question'),
        ),
        TenantReference("Clock", "question"),
        TenantReference("Rung", "member"),
        TenantReference("Rung", "team"),
        TenantReference("Rung", "redirect_to"),
    ]
