"""A secret that is shown once, in the answer itself: nothing that is stored or sent on ever holds it."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from portal.admin.base import Section


def show_secret(section: Section, request: HttpRequest, *, title: str, told: str, secret: str) -> HttpResponse:
    """The page with the secret and what to do with it."""
    back = reverse(f"admin:{section.opts.app_label}_{section.opts.model_name}_changelist")
    facts = {"title": title, "told": told, "secret": secret, "back": back, "opts": section.opts}
    return TemplateResponse(request, "admin/secret.html", {**section.admin_site.each_context(request), **facts})
