"""The Django application of organizations and people."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created


class TenantsConfig(AppConfig):
    """Registers the check of the wall between organizations, and what every connection needs."""

    name = "tenants"
    label = "tenants"
    verbose_name = "Organization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenants.instants import read_instants_quickly
        from tenants.isolation import check_walls

        connection_created.connect(read_instants_quickly)
        register(check_walls, Tags.database)
