"""The addresses of the site."""

from django.urls import include, path

from . import installed, operators
from .environment import current
from .mailbox.urls import addresses as mailbox_addresses

handler400 = "portal.trouble.bad_request"
handler500 = "portal.trouble.server_error"

urlpatterns = [
    path("healthz", operators.healthz, name="healthz"),
    path("readyz", operators.readyz, name="readyz"),
    path("readyz/web", operators.servez, name="readyz_web"),
    path("metrics", operators.metrics_page, name="metrics"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("icons/<int:size>.png", installed.icon, name="icon"),
    path("offline/", installed.offline, name="offline"),
    path("worker.js", installed.worker, name="service_worker"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("api/", include("portal.api.urls")),
    *mailbox_addresses(current()),
    path("", include("portal.admin.urls")),
    path("", include("portal.pages.urls")),
]
