"""The Django application that holds every room of the product."""

from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    """One application, so that rooms share one migration history."""

    name = "handoffs"
    verbose_name = "Handoffs"
    default_auto_field = "django.db.models.BigAutoField"
