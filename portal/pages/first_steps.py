"""The first steps of an organization, ticked off by what is there; and opening a workspace for a client."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.models import Handoff
from portal.clients import open_client
from portal.forms.base import ActionForm
from portal.forms.client import ClientForm
from portal.pages.base import ActingPage, Page
from tenants.models import Invitation, Kind, Member, Role, Team, Workspace


@dataclass(frozen=True)
class Step:
    """One thing to do, where it is done, and whether it is."""

    title: str
    words: str
    url: str
    button: str
    is_done: bool


class FirstSteps(Page):
    """What to do first, for those who run the organization."""

    template = "settings/first_steps.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The steps, each done or to do."""
        if not self.member.runs_the_organization:
            raise Http404
        steps = self.steps()
        return self.show(steps=steps, done=sum(step.is_done for step in steps))

    def steps(self) -> list[Step]:
        """By what is there already; an open invitation counts, for one has done what one can."""
        here = {"organization_id": self.member.organization_id}
        members = Member.objects.filter(**here, kind=Kind.PERSON, left_at=None).exclude(pk=self.member.pk)
        invited = Invitation.objects.filter(**here, accepted_at=None, withdrawn_at=None)
        offered = Handoff.objects.filter(**here).exclude(state="draft")
        return [
            Step(
                "Invite a colleague",
                "Work passes between people: you need at least one more.",
                reverse("invitations"),
                "Invite",
                members.exclude(role=Role.CLIENT).exists() or invited.exclude(role=Role.CLIENT).exists(),
            ),
            Step(
                "Open a workspace for your first client",
                "They see what waits for them and what waits for you, and nothing internal.",
                reverse("client_new"),
                "Open a workspace",
                Workspace.objects.filter(**here, kind=Workspace.Kind.CLIENT).exists(),
            ),
            Step(
                "Hand something over",
                "Choose a template, say what is needed, and offer it. Until somebody accepts, you answer for it.",
                reverse("handoff_new"),
                "New handoff",
                offered.exists(),
            ),
        ]


class NewClient(ActingPage):
    """A workspace for a client, for those who run the organization."""

    template = "settings/client_new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> ClientForm:
        """Who the client is; 404 for those who do not open workspaces."""
        if not self.member.runs_the_organization:
            raise Http404
        ours = Team.objects.filter(organization_id=self.member.organization_id, kind=Team.Kind.INTERNAL, closed_at=None)
        return ClientForm(*given[:1], teams=ours.order_by("name"))

    def act(self, form: ActionForm) -> Workspace:
        """All of it, or nothing."""
        return open_client(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form."""
        return self.show(status, form=form)

    def after(self, done: Any) -> HttpResponse:
        """To the new workspace."""
        return self.told(f"The workspace {done.name} is open.", reverse("workspace", args=[done.pk]))
