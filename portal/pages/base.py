"""What every page inside an organization shares: a member, their zone, and one way to hear a refusal."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from portal.forms.base import ActionForm
from portal.pages.live import as_it_was
from tenants.address import AddressedRequest
from tenants.models import Member
from tenants.refusals import Refusal

STATUS: Mapping[str, int] = {"forbidden": 403, "missing": 404, "conflict": 409, "invalid": 422, "too_many": 429}


class SeeOther(HttpResponseRedirect):
    """Where the answer to a successful POST is to be read."""

    status_code = 303


class Page(View):
    """A page of one organization, for one of its members, told in their zone. Elsewhere there is nothing here."""

    http_method_names = ["get", "head", "post", "options"]
    request: AddressedRequest
    template = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 outside of an organization; the clock is read once, here."""
        if getattr(request, "member", None) is None:
            raise Http404
        self.now = timezone.now()
        with timezone.override(zone_of(self.member)):
            return super().dispatch(request, *args, **kwargs)

    @property
    def member(self) -> Member:
        """Who is looking."""
        return self.request.member

    def show(self, status: int = 200, **facts: Any) -> HttpResponse:
        """The page's template with these facts."""
        return as_it_was(self.request, render(self.request, self.template, facts, status=status))

    def told(self, sentence: str, address: str) -> HttpResponse:
        """On to an address, where the sentence is read."""
        messages.success(self.request, sentence)
        return SeeOther(address)


class ActingPage(Page):
    """A page whose POST is one call to one action; a refusal brings the page back with the input kept."""

    def form(self, *given: Any) -> ActionForm:
        """The form, empty or with what was sent."""
        raise NotImplementedError

    def act(self, form: ActionForm) -> Any:
        """The one call; may refuse."""
        raise NotImplementedError

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The page with the form as it was filled in, and what was wrong with it."""
        raise NotImplementedError

    def after(self, done: Any) -> HttpResponse:
        """Where to go after success."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts, inside a savepoint that a refusal takes back."""
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.again(form, 422)
        try:
            with transaction.atomic():
                done = self.act(form)
        except Refusal as refusal:
            form.refuse(refusal)
            return self.again(form, STATUS[refusal.kind])
        return self.after(done)


def zone_of(member: Member) -> ZoneInfo:
    """The zone in which this member reads times: their own, else the organization's."""
    return ZoneInfo(member.zone or member.organization.zone)
