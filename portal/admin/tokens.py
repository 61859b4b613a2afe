"""API tokens: issued to integrations, revoked for anybody."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from portal.admin.acting import act
from portal.admin.base import Section
from portal.admin.gate import member_of
from portal.admin.marks import button, column
from portal.admin.secrets import show_secret
from portal.admin.site import site
from tenants.actions import issue_token, revoke_token
from tenants.models import Kind, Member, Token

ASKED = ("member", "name", "expires_at")


@admin.register(Token, site=site)
class TokenSection(Section):
    """Issued and revoked, never changed; the key itself is kept nowhere."""

    list_display = ("name", "start", "member", "state", "created_by", "created_at", "last_used_at")
    list_select_related = ("member", "created_by")
    search_fields = ("name", "member__name")
    actions_detail = ("revoke_page",)
    can_change = False

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        """What is asked, and afterwards what became of it."""
        more = ("start", "created_by", "created_at", "last_used_at", "revoked_at")
        return (*ASKED, *more) if obj else ASKED

    def get_readonly_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        """The beginning of the key is made up here."""
        return ("start",) if obj else ()

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Integrations, and oneself: nobody makes a key that acts as somebody else."""
        able = Member.objects.able().filter(organization_id=member.organization_id)
        return able.filter(Q(kind=Kind.SERVICE) | Q(pk=member.pk))

    @column("Key")
    def start(self, token: Token) -> str:
        """How the key begins."""
        return f"{token.prefix}…"

    @column("State", label={"Usable": "success", "Expired": "warning"})
    def state(self, token: Token) -> str:
        """Usable, revoked or expired."""
        if token.revoked_at:
            return "Revoked"
        return "Usable" if token.is_usable(timezone.now()) else "Expired"

    def create(self, form: Any, *, by: Member, at: datetime) -> Token:
        """A new key, kept until the answer to this request shows it."""
        given = form.cleaned_data
        made, form.instance.secret = issue_token(**{name: given[name] for name in ASKED}, by=by, at=at)
        return made

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the key once."""
        told = f"With this key, an integration acts as {obj.member.name}. It is shown only now."
        return show_secret(self, request, title="Token issued", told=told, secret=obj.secret)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """One revokes once."""
        token = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if token and token.revoked_at is None else []

    @button("Revoke", "revoke", icon="key_off", danger=True)
    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes the key useless."""
        token = self.get_object(request, object_id)
        if token is None:
            raise Http404
        by = member_of(request)
        return act(
            self,
            request,
            title=f"Revoke {token}",
            button="Revoke",
            danger=True,
            intro="Whatever uses this key is refused from now on.",
            call=lambda words: revoke_token(token=token, by=by, at=timezone.now()),
            done=lambda revoked: f"{revoked.name} is revoked.",
            back=reverse("admin:tenants_token_change", args=[token.pk]),
        )
