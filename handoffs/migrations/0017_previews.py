"""Whether there is a picture of a document's first page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0016_live_of_a_workspace'),
        ('tenants', '0004_logo'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='preview',
            field=models.CharField(choices=[('none', 'There is none'), ('wanted', 'It is being drawn'), ('drawn', 'There is one')], default='none', max_length=6),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('preview', 'wanted')), fields=['organization', 'sha256'], name='document_undrawn'),
        ),
    ]
