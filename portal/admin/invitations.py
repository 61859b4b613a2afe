"""Invitations: places that wait for somebody."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from portal.admin.acting import act
from portal.admin.base import Section
from portal.admin.gate import member_of
from portal.admin.marks import button, column
from portal.admin.site import site
from portal.invitations import invite_by_mail, state_of
from tenants.actions import withdraw_invitation
from tenants.models import Invitation, Member

ASKED = ("email", "role", "team", "workspace")
TOLD = ("invited_by", "created_at", "expires_at", "mailed_at", "mail_failure", "accepted_at", "withdrawn_at")


@admin.register(Invitation, site=site)
class InvitationSection(Section):
    """Made and withdrawn, never changed."""

    list_display = ("email", "role", "team", "workspace", "state", "invited_by", "created_at")
    list_select_related = ("team", "workspace", "invited_by")
    search_fields = ("email",)
    actions_detail = ("withdraw_page",)
    can_change = False

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        """What is asked, and afterwards what became of it."""
        return (*ASKED, *TOLD) if obj else ASKED

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Open teams and workspaces."""
        return super().choices(field, member).filter(closed_at=None)

    @column("State", label={"Open": "info", "Joined": "success", "Expired": "warning"})
    def state(self, invitation: Invitation) -> str:
        """Open, joined, withdrawn or expired."""
        return state_of(invitation, timezone.now())

    def create(self, form: Any, *, by: Member, at: datetime) -> Invitation:
        """A new invitation; its secret goes to its address and is shown to nobody else."""
        given = form.cleaned_data
        return invite_by_mail(**{name: given[name] for name in ASKED}, by=by, at=at)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """What is open can be withdrawn."""
        invitation = self.get_object(request, object_id)
        is_open = invitation and invitation.accepted_at is None and invitation.withdrawn_at is None
        return super().get_actions_detail(request, object_id) if is_open else []

    @button("Withdraw", "withdraw", icon="undo", danger=True)
    def withdraw_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes it useless."""
        invitation = self.get_object(request, object_id)
        if invitation is None:
            raise Http404
        by = member_of(request)
        return act(
            self,
            request,
            title=f"Withdraw the invitation of {invitation.email}",
            button="Withdraw",
            danger=True,
            call=lambda words: withdraw_invitation(invitation=invitation, by=by, at=timezone.now()),
            done=lambda withdrawn: f"The invitation of {withdrawn.email} is withdrawn.",
            back=reverse("admin:tenants_invitation_change", args=[invitation.pk]),
        )
