"""Background work: whether the worker runs, what failed, and a button to run it again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from handoffs.actions.run_again import run_again
from handoffs.failures import failures, told
from portal.admin.gate import member_of, runs_here
from portal.admin.site import site
from portal.status import pulse
from tenants.refusals import Refusal


def refuse_others(request: HttpRequest) -> None:
    """Leads and managers enter the admin, but what happens in the background is not theirs."""
    if not runs_here(member_of(request)):
        raise PermissionDenied("How the background work goes is for owners and admins.")


def background_page(request: HttpRequest) -> HttpResponse:
    """The heartbeat with this organization's figures, and its failed tasks."""
    refuse_others(request)
    here = member_of(request).organization_id
    facts = {"title": "Background work", "pulse": pulse(here), "failures": told(here, failures(here))}
    return TemplateResponse(request, "admin/background.html", {**site.each_context(request), **facts})


def again_page(request: HttpRequest, task: str) -> HttpResponse:
    """One call; another organization's task is not there."""
    refuse_others(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        with transaction.atomic():
            queued = run_again(task=task, by=member_of(request), at=timezone.now())
    except Refusal as refusal:
        if refusal.kind == "missing":
            raise Http404 from None
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{queued.words}: it is queued again.")
    return HttpResponseRedirect(reverse("admin:background_changelist"))
