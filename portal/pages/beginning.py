"""Starting an organization by oneself: an address, a mail, one page. Only where the site lets people do so."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from handoffs.actions.templates import equip
from portal.beginning import address_in, may_ask, send_link
from portal.forms.base import ActionForm
from portal.forms.beginning import AddressForm, OrganizationForm
from portal.forms.invitation import NewLoginForm
from portal.pages.base import SeeOther
from portal.sign_in import new_login, sign_in
from tenants.actions import Founded, found
from tenants.models import User
from tenants.refusals import Conflict, Refusal
from tenants.scope import scope


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for an address and mails a link there; the answer is the same whoever it belongs to."""
    _must_be_open(request)
    form = AddressForm(request.POST or None, initial={"email": getattr(request.user, "email", "")})
    if request.method != "POST":
        return render(request, "start/begin_ask.html", {"form": form})
    if not form.is_valid():
        return render(request, "start/begin_ask.html", {"form": form}, status=422)
    email = form.cleaned_data["email"]
    if not may_ask(request, email):
        return render(request, "429.html", status=429)
    send_link(email)
    return render(request, "start/begin_sent.html", {"email": email})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: looking changes nothing; its button founds the organization with its owner."""
    _must_be_open(request)
    email = address_in(token)
    if email is None:
        return render(request, "start/begin_refused.html", status=404)
    known = User.objects.filter(email=email).first()
    facts: dict[str, Any] = {"email": email, "known": known, "is_in": known is not None and request.user == known}
    given: list[Any] = [request.POST] if request.method == "POST" else []
    forms: list[ActionForm] = [OrganizationForm(*given)]
    if known is None:
        forms.insert(0, NewLoginForm(*given, email=email))
    facts["forms"] = forms
    if not given or (known is not None and not facts["is_in"]):
        return render(request, "start/begin.html", facts)
    faulty = [form for form in forms if not form.is_valid()]  # each says what is wrong with it
    if faulty:
        return render(request, "start/begin.html", facts, status=422)
    try:
        with transaction.atomic():
            user = known or new_login(email, **forms[0].cleaned_data)
            founded = _found(user, forms[-1].words())
    except IntegrityError:  # pressed twice: the other one made the login
        return SeeOther(request.path)
    except Refusal as refusal:
        forms[-1].add_error("slug" if isinstance(refusal, Conflict) else None, refusal.sentence)
        return render(request, "start/begin.html", facts, status=409)
    if known is None:
        sign_in(request, user)
    return SeeOther(f"/o/{founded.organization.slug}/settings/first-steps/")


def _found(user: User, words: dict[str, Any]) -> Founded:
    now = timezone.now()
    founded = found(owner=user, at=now, **words)
    with scope(founded.organization):
        equip(by=founded.owner, at=now)
    return founded


def _must_be_open(request: HttpRequest) -> None:
    """404 below an organization, and wherever organizations are founded by those who run the site alone."""
    if not settings.HANDRAIL_SELF_SERVICE or getattr(request, "organization", None) is not None:
        raise Http404
