"""How one is told: one's own choices, the organization's chat rooms, and trying again what did not arrive."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions.delivery import choices_of, choose, close_room, open_room, try_again
from handoffs.delivery.kinds import Kind
from handoffs.models import ChatRoom, Message
from portal.forms.base import ActionForm
from portal.forms.delivery import DeliveryForm, RoomForm
from portal.pages.base import ActingPage, zone_of
from portal.pages.handoff import reached
from tenants.models import Team, Workspace

MOST = 200


class Delivery(ActingPage):
    """How soon of what, by which channel; when digests come; when it is quiet."""

    template = "settings/delivery.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choices as they are."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> DeliveryForm:
        """What was chosen."""
        return DeliveryForm(*given[:1], choices=choices_of(self.member))

    def act(self, form: ActionForm) -> Any:
        """The one call."""
        return choose(member=self.member, by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form; times are in the reader's zone, which is named."""
        return self.show(status, form=form, zone=str(zone_of(self.member)).replace("_", " "))

    def after(self, done: Any) -> HttpResponse:
        """Back to the form."""
        return self.told("Saved. This is how you are told from now on.", reverse("delivery"))


class Rooms(ActingPage):
    """The organization's chat rooms, for those who run it; to others there is nothing here."""

    template = "settings/chat.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The open rooms, and a form for another."""
        self.must_run_it()
        return self.again(self.form(), 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Opens a room."""
        self.must_run_it()
        return super().post(request)

    def must_run_it(self) -> None:
        """404 for everybody else."""
        if not self.member.runs_the_organization:
            raise Http404

    def form(self, *given: Any) -> RoomForm:
        """Another room."""
        here = {"organization_id": self.member.organization_id, "closed_at": None}
        workspaces, teams = Workspace.objects.filter(**here), Team.objects.filter(**here)
        return RoomForm(
            *given[:1],
            workspaces={row.pk: row for row in workspaces.order_by("name")[:MOST]},
            teams={row.pk: row for row in teams.order_by("name")[:MOST]},
        )

    def act(self, form: ActionForm) -> ChatRoom:
        """The one call."""
        return open_room(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The rooms with the form below."""
        rooms = ChatRoom.objects.filter(organization_id=self.member.organization_id, closed_at=None)
        shown = rooms.prefetch_related("places__workspace", "places__team")[:MOST]
        return self.show(status, form=form, rooms=[_room(room) for room in shown])

    def after(self, done: Any) -> HttpResponse:
        """Back to the rooms."""
        return self.told(f"“{done.name}” is told from now on.", reverse("chat"))


class CloseRoom(ActingPage):
    """Tells a room nothing more."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def act(self, form: ActionForm) -> ChatRoom:
        """The one call; 404 for a room that is not there."""
        rooms = ChatRoom.objects.filter(organization_id=self.member.organization_id)
        room = rooms.filter(pk=self.kwargs["pk"]).first() if self.member.runs_the_organization else None
        if room is None:
            raise Http404
        return close_room(room=room, by=self.member, at=self.now)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """In words."""
        return HttpResponse(form.refusal.sentence if form.refusal else "", status=status, content_type="text/plain")

    def after(self, done: Any) -> HttpResponse:
        """Back to the rooms."""
        return self.told(f"“{done.name}” is told nothing more.", reverse("chat"))


class TryAgain(ActingPage):
    """Puts a message that was given up back on its way."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def act(self, form: ActionForm) -> Message:
        """The one call; 404 for what does not belong to a handoff that the reader may see."""
        handoff = reached(self.member, self.kwargs["reference"])
        mine = Message.objects.filter(organization_id=handoff.organization_id, event__handoff=handoff)
        message = mine.filter(pk=self.kwargs["pk"]).first()
        if message is None:
            raise Http404
        return try_again(message=message, by=self.member, at=self.now)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """In words."""
        return HttpResponse(form.refusal.sentence if form.refusal else "", status=status, content_type="text/plain")

    def after(self, done: Any) -> HttpResponse:
        """Back to the handoff."""
        return self.told("It is tried again now.", reverse("handoff", args=[self.kwargs["reference"]]))


def _room(room: ChatRoom) -> dict[str, Any]:
    return {
        "id": room.pk,
        "name": room.name,
        "shown": room.shown,
        "serves": ", ".join(sorted(str(place.workspace or place.team) for place in room.places.all())),
        "kinds": ", ".join(Kind(kind).plainly for kind in room.kinds),
    }
