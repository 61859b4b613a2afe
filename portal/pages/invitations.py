"""Who is invited: for those who run the organization, and for clients where a workspace lets them bring colleagues."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.forms.base import ActionForm
from portal.forms.invitation import InvitationForm
from portal.invitations import invite_by_mail, state_of
from portal.pages.administration.base import INVITATIONS, invites, ways
from portal.pages.base import ActingPage
from tenants.actions import withdraw_invitation
from tenants.actions.invite import may_invite_into
from tenants.models import Invitation, Role, Team

MOST = 200


class InvitationsPage(ActingPage):
    """Something about invitations; there is nothing here for those who invite nobody."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts, for those who may."""
        self.must_invite()
        return super().post(request, *args, **kwargs)

    def must_invite(self) -> None:
        """404 for everybody else."""
        if not invites(self.member):
            raise Http404

    def open_ones(self) -> Any:
        """The invitations that nobody has used or withdrawn: a client's own, or everybody's."""
        here = Invitation.objects.filter(organization_id=self.member.organization_id)
        mine = here.filter(invited_by=self.member) if self.member.role == Role.CLIENT else here
        return mine.filter(accepted_at=None, withdrawn_at=None).select_related("team", "workspace", "invited_by")


class Invitations(InvitationsPage):
    """What is open, and a form for another."""

    template = "settings/invitations.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        self.must_invite()
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> InvitationForm:
        """Another invitation."""
        teams = Team.objects.filter(organization_id=self.member.organization_id, closed_at=None).order_by("name")
        workspaces = may_invite_into(self.member).order_by("name")[:MOST]
        return InvitationForm(
            *given[:1],
            by=self.member,
            teams={team.pk: team for team in teams[:MOST]},
            workspaces={workspace.pk: workspace for workspace in workspaces},
        )

    def act(self, form: ActionForm) -> Invitation:
        """The one call."""
        return invite_by_mail(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The open ones, the form below."""
        rows = [(row, state_of(row, self.now)) for row in self.open_ones()[:MOST]]
        return self.show(status, form=form, rows=rows, ways=ways(self.member, INVITATIONS))

    def after(self, done: Any) -> HttpResponse:
        """Back to the list."""
        return self.told(f"A mail with the invitation is on its way to {done.email}.", reverse("invitations"))


class OneInvitation(InvitationsPage):
    """Does something to one that is open; 404 for any other."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def invitation(self) -> Invitation:
        """The one in the address."""
        found: Invitation | None = self.open_ones().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """In words."""
        return HttpResponse(form.refusal.sentence if form.refusal else "", status=status, content_type="text/plain")


class SendAgain(OneInvitation):
    """Invites the same person to the same place anew: a new link, a new term, and the old link is useless."""

    def act(self, form: ActionForm) -> Invitation:
        """The one call."""
        old = self.invitation()
        place = {"role": old.role, "team": old.team, "workspace": old.workspace}
        return invite_by_mail(email=old.email, **place, by=self.member, at=self.now)

    def after(self, done: Any) -> HttpResponse:
        """Back to the list."""
        return self.told(
            f"A new mail is on its way to {done.email}; the link before no longer works.", reverse("invitations")
        )


class Withdraw(OneInvitation):
    """Makes it useless."""

    def act(self, form: ActionForm) -> Invitation:
        """The one call."""
        return withdraw_invitation(invitation=self.invitation(), by=self.member, at=self.now)

    def after(self, done: Any) -> HttpResponse:
        """Back to the list."""
        return self.told(f"The invitation of {done.email} is withdrawn.", reverse("invitations"))
