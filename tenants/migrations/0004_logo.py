"""Logos, each beside its organization."""

import django.db.models.deletion
import tenants.models.base
from django.db import migrations, models

from tenants.isolation import isolate


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0003_invitations_by_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='logo',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picture', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
                ('set_by', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.member')),
            ],
            options={
                'indexes': [models.Index(fields=['digest'], name='logo_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('organization',), name='logo_once_per_organization')],
            },
        ),
        *isolate("Logo", "set_by"),
    ]
