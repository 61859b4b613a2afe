"""What is live in a workspace is found without reading all that is done."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0015_kept_for_insight'),
        ('tenants', '0004_logo'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('custodian__isnull', False)), fields=['organization', 'workspace', '-id'], name='handoff_workspace_live'),
        ),
    ]
