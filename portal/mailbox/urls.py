"""The addresses of the mailbox, where there is one."""

from django.urls import URLPattern, path

from portal.environment import Environment
from portal.mailbox import views


def addresses(environment: Environment) -> list[URLPattern]:
    """Only in development and only when mail stays here: other people's mail is nobody's to read."""
    if environment.production or environment.mail is not None or environment.mail_backend:
        return []
    return [
        path("dev/mail/", views.inbox, name="mailbox"),
        path("dev/mail/<str:key>/", views.mail, name="mailbox_mail"),
        path("dev/mail/<str:key>/html/", views.body, name="mailbox_body"),
    ]
