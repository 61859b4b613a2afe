"""What the pages of administration share: whom each is open to, and several forms on one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.forms.base import ActionForm
from portal.pages import cursor
from portal.pages.base import ActingPage
from tenants.actions.invite import may_invite_into
from tenants.models import Member, Role


def runs(member: Member) -> bool:
    """Does this person run the organization?"""
    return member.is_able and member.runs_the_organization


def leads_or_runs(member: Member) -> bool:
    """Does this person run the organization or lead a team of its own people?"""
    return runs(member) or (member.is_able and member.standing.leads)


def manages_or_runs(member: Member) -> bool:
    """Does this person run the organization or manage a workspace?"""
    return runs(member) or (member.is_able and member.standing.manages)


def invites(member: Member) -> bool:
    """May this person invite anybody: who runs the organization may, and clients where a workspace lets them?"""
    return runs(member) or (member.role == Role.CLIENT and may_invite_into(member).exists())


@dataclass(frozen=True)
class Place:
    """One part of administration: its list and one of it by name, whom it is open to, and what others are told."""

    name: str
    one: str
    title: str
    is_open: Callable[[Member], bool]
    closed: str


MEMBERS = Place(
    "members",
    "member",
    "Members",
    leads_or_runs,
    "Members are arranged by owners and admins, and by the leads of teams.",
)
TEAMS = Place(
    "teams",
    "team",
    "Teams",
    leads_or_runs,
    "Teams are arranged by owners and admins, and by their leads.",
)
WORKSPACES = Place(
    "workspaces",
    "workspace_settings",
    "Workspaces",
    manages_or_runs,
    "Workspaces are arranged by owners and admins, and by those who manage them.",
)
CALENDARS = Place(
    "calendars",
    "calendar",
    "Calendars",
    leads_or_runs,
    "Calendars are changed by owners and admins; the leads of teams read theirs.",
)
ORGANIZATION = Place(
    "organization",
    "organization",
    "Organization",
    runs,
    "Only owners and admins change the organization itself.",
)
INVITATIONS = Place("invitations", "invitations", "Invitations", invites, "")
PLACES: Sequence[Place] = (MEMBERS, TEAMS, WORKSPACES, CALENDARS, INVITATIONS, ORGANIZATION)


def ways(member: Member, here: Place | None = None) -> list[dict[str, Any]]:
    """One's own settings and the parts that are open to this member, as links; none where there is only one way."""
    parts = [
        {"url": reverse(place.name), "title": place.title, "here": place is here}
        for place in PLACES
        if place.is_open(member)
    ]
    return [{"url": reverse("settings"), "title": "Yours", "here": here is None}, *parts] if parts else []


class Administration(ActingPage):
    """A page of one part; 403 with a sentence for those it is not open to."""

    place: Place
    only_for_those_who_run_it = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who comes in."""
        member: Member | None = getattr(request, "member", None)
        if member is not None:
            is_open = runs(member) if self.only_for_those_who_run_it else self.place.is_open(member)
            if not is_open:
                raise PermissionDenied(self.place.closed)
        return super().dispatch(request, *args, **kwargs)

    def show(self, status: int = 200, **facts: Any) -> HttpResponse:
        """With the way around."""
        return super().show(status, ways=ways(self.member, self.place), runs=runs(self.member), **facts)

    @property
    def home(self) -> dict[str, Any]:
        """The filter that keeps to this organization."""
        return {"organization_id": self.member.organization_id}


class New(Administration):
    """A form for another one, on a page of its own."""

    only_for_those_who_run_it = True
    title = ""
    words = ""
    button = ""
    template = "administration/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self.again(self.form(), 200)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form."""
        back = {"back": reverse(self.place.name), "back_text": self.place.title}
        return self.show(status, form=form, title=self.title, words=self.words, button=self.button, **back)


class OneThing(Administration):
    """The page of one thing with several forms, each sent to an address of its own.

    A subclass for each form says its `slot`; refused, the page comes back with that form as it was filled in.
    """

    slot = ""
    slots: Sequence[str] = ()
    template = ""

    def rows(self) -> QuerySet[Any]:
        """The things of this kind that this member arranges."""
        raise NotImplementedError

    @cached_property
    def thing(self) -> Any:
        """The one in the address; what is not theirs to arrange is not there."""
        found: Model | None = self.rows().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.again(None, 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acts on a thing that is there; the page itself takes nothing."""
        if not self.slot:
            return self.http_method_not_allowed(request)
        assert self.thing is not None
        return super().post(request, *args, **kwargs)

    def form(self, *given: Any) -> ActionForm:
        """The form of this address."""
        made: ActionForm = getattr(self, f"{self.slot}_form")(*given[:1])
        return made

    def facts(self) -> Mapping[str, Any]:
        """What else the page shows."""
        return {}

    def again(self, form: ActionForm | None, status: int) -> HttpResponse:
        """The page, with this form in its slot and the others new."""
        self.__dict__.pop("thing", None)  # an action that was refused may have written into it
        forms = {
            f"{slot}_form": getattr(self, f"{slot}_form")() for slot in self.slots if slot != self.slot or not form
        }
        on_top = ""
        if form is not None and self.slot in self.slots:
            forms[f"{self.slot}_form"] = form
        elif form is not None and form.refusal is not None:
            on_top = form.refusal.sentence
        return self.show(status, thing=self.thing, on_top=on_top, **forms, **self.facts())

    def nothing_form(self, *given: Any) -> ActionForm:
        """Of what is a button and no more."""
        return Nothing({})

    def named(self, name: str, rows: QuerySet[Any]) -> Any:
        """The row that the button which was pressed is about; 404 for one that is not among these."""
        key = cursor.whole(self.request.POST.get(name))
        found = rows.filter(pk=key).first() if key is not None else None
        if found is None:
            raise Http404
        return found

    def back(self, sentence: str) -> HttpResponse:
        """To the page of the thing, or where one still may be."""
        self.member.forget_standing()
        if not self.place.is_open(self.member):
            return self.told(sentence, reverse("settings"))
        if not self.rows().filter(pk=self.kwargs["pk"]).exists():
            return self.told(sentence, reverse(self.place.name))
        return self.told(sentence, reverse(self.place.one, args=[self.kwargs["pk"]]))


class Nothing(ActionForm):
    """Where a button is enough."""
