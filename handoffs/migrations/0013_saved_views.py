import django.db.models.deletion
from django.db import migrations, models

import tenants.models.base
from tenants.isolation import isolate


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0012_search'),
        ('tenants', '0003_invitations_by_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('asked', models.CharField(max_length=500)),
                ('saved_at', models.DateTimeField()),
                ('member', tenants.models.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.member')),
                ('organization', models.ForeignKey(db_default=tenants.models.base.CurrentOrganization(), db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.organization')),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('member', 'name'), name='saved_view_once_per_name')],
            },
        ),
        *isolate("SavedView", "member"),
    ]
