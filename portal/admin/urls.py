"""The admin's one address, with every section registered."""

from django.urls import path

from portal.admin import (  # noqa: F401  (each registers itself)
    calendars,
    cases,
    flow_versions,
    flows,
    handoffs,
    invitations,
    ladders,
    members,
    teams,
    templates,
    tokens,
    versions,
    workspaces,
)
from portal.admin.site import site

urlpatterns = [path("admin/", site.urls)]
