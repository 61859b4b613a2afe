"""The Django application of organizations and people."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TenantsConfig(AppConfig):
    """Registers the check of the wall between organizations."""

    name = "tenants"
    label = "tenants"
    verbose_name = "Organization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenants.isolation import check_walls

        register(check_walls, Tags.database)
