"""The page behind an invitation's link: looking changes nothing, for mail scanners open links; its button joins."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.forms.invitation import NewLoginForm
from portal.pages.base import STATUS, SeeOther
from portal.sign_in import new_login, sign_in
from tenants.actions import join
from tenants.actions.join import find_invitation, must_be_open
from tenants.models import Invitation, User
from tenants.refusals import Refusal
from tenants.scope import scope


@dataclass(frozen=True)
class Door:
    """An invitation and who stands before it."""

    invitation: Invitation
    key: str
    user: User | None  # who is signed in
    is_known: bool  # whether the address has a login

    @property
    def is_theirs(self) -> bool:
        """Signed in as the one who is invited."""
        return self.user is not None and self.user.email == self.invitation.email


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest, key: str) -> HttpResponse:
    """Says who invites whom to what; POST joins. Refused in words when it is used, withdrawn, expired or unknown."""
    if getattr(request, "organization", None) is not None:
        raise Http404
    try:
        door = _door(request, key)
        if request.method != "POST" or not (door.is_theirs or _is_newcomer(door)):
            return _show(request, door, _form(door))
        if door.is_theirs:
            assert door.user is not None
            return _enter(door, door.user)
        form = _form(door, request.POST)
        return _begin(request, door, form) if form.is_valid() else _show(request, door, form, 422)
    except Refusal as refusal:
        return render(request, "start/join_refused.html", {"refusal": refusal}, status=STATUS[refusal.kind])


def _door(request: HttpRequest, key: str) -> Door:
    """Raises Missing or Conflict for an invitation that nobody can use."""
    invitation = find_invitation(key)
    must_be_open(invitation, timezone.now())
    user = request.user if isinstance(request.user, User) else None
    return Door(invitation, key, user, User.objects.filter(email=invitation.email).exists())


def _is_newcomer(door: Door) -> bool:
    return door.user is None and not door.is_known


def _form(door: Door, *given: Any) -> NewLoginForm:
    return NewLoginForm(*given, email=door.invitation.email)


def _show(request: HttpRequest, door: Door, form: NewLoginForm, status: int = 200) -> HttpResponse:
    with scope(door.invitation.organization_id):
        among = Invitation.objects.filter(organization_id=door.invitation.organization_id, pk=door.invitation.pk)
        told = among.select_related("organization", "invited_by", "workspace", "team").get()
    facts = {"door": door, "invitation": told, "organization": told.organization, "form": form}
    return render(request, "start/join.html", facts, status=status)


def _begin(request: HttpRequest, door: Door, form: NewLoginForm) -> HttpResponse:
    """Makes the login and joins, both or neither. The link was in that mailbox, so the address is confirmed."""
    said, email = form.cleaned_data, door.invitation.email
    try:
        with transaction.atomic():
            user = new_login(email, **said)
            answer = _enter(door, user)
    except IntegrityError:  # pressed twice: the other one made the login
        return SeeOther(request.path)
    sign_in(request, user)
    return answer


def _enter(door: Door, user: User) -> HttpResponse:
    join(raw_token=door.key, user=user, at=timezone.now())
    return SeeOther(f"/o/{door.invitation.organization.slug}/")
