"""What one person took and handed over is found by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0018_planned_offers'),
        ('tenants', '0004_logo'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='leg',
            index=models.Index(fields=['organization', 'giver', 'week'], name='leg_of_giver'),
        ),
        migrations.AddIndex(
            model_name='leg',
            index=models.Index(condition=models.Q(('receiver__isnull', False)), fields=['organization', 'receiver', 'week'], name='leg_of_receiver'),
        ),
    ]
