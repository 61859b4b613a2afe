"""The addresses of the site."""

from django.urls import include, path

from . import operators

urlpatterns = [
    path("healthz", operators.healthz, name="healthz"),
    path("readyz", operators.readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("portal.pages.urls")),
]
