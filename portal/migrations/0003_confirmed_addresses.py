"""Logins made before addresses were confirmed by mail keep the trust they had: nobody is locked out by the update."""

from typing import Any

from django.db import migrations, models


def confirm(apps: Any, schema_editor: Any) -> None:
    user, address = apps.get_model("tenants", "User"), apps.get_model("account", "EmailAddress")
    people = user.objects.exclude(email__endswith=".invalid")
    own = address.objects.filter(user__in=people, email=models.F("user__email"))
    others = address.objects.filter(primary=True).exclude(id__in=own.values("id"))
    own.exclude(user_id__in=others.values("user_id")).update(verified=True, primary=True)
    missing = people.exclude(id__in=address.objects.filter(primary=True).values("user_id"))
    rows = (address(user_id=one.pk, email=one.email, verified=True, primary=True) for one in missing.iterator())
    address.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_queue"),
        ("tenants", "0003_invitations_by_mail"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
