"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the checks that look at the database server."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers itself)
