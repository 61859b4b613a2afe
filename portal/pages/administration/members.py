"""Everybody in the organization, in pages."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from portal.pages import cursor
from portal.pages.administration.base import MEMBERS, Administration, runs
from tenants.models import Absence, Kind, Member, Role, TeamMembership

SHOWN = 50
SHOWS = {
    "": "Everybody here",
    **{role.value: f"Only {role.label.lower()}s" for role in Role},
    "away": "Away now",
    "left": "Who left",
}


def arranged_by(member: Member) -> QuerySet[Member]:
    """The members whose pages are open to this one: all, or those of the teams they lead."""
    rows = Member.objects.filter(organization_id=member.organization_id).exclude(kind=Kind.SYSTEM)
    rows = rows.select_related("user", "organization")
    return rows if runs(member) else rows.filter(left_at=None, id__in=led_by(member).values("member_id"))


def led_by(lead: Member) -> QuerySet[TeamMembership]:
    """The places in the open teams this member leads."""
    return TeamMembership.objects.filter(organization_id=lead.organization_id, team__lead=lead, team__closed_at=None)


class Members(Administration):
    """The list, by name: `?q=` finds, `?show=` narrows, `?after=` goes on."""

    place = MEMBERS
    template = "administration/members.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it."""
        words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
        show = request.GET.get("show", "")
        show = show if show in SHOWS else ""
        found = self._beyond(self._shown(self._matching(words), show), request.GET.get("after"))
        page = list(found.order_by("name", "id")[: SHOWN + 1])
        last = page[SHOWN - 1] if len(page) > SHOWN else None
        asked = {key: value for key, value in (("q", words), ("show", show)) if value}
        return self.show(
            rows=self._rows(page[:SHOWN]),
            q=words,
            shows=[{"key": key, "word": word, "chosen": key == show} for key, word in SHOWS.items()],
            asked=asked,
            more=f"?{urlencode({**asked, 'after': f'{last.pk}~{last.name}'})}" if last else "",
            first=reverse("members") if request.GET.get("after") else "",
        )

    def _matching(self, words: str) -> QuerySet[Member]:
        rows = arranged_by(self.member)
        return rows.filter(Q(name__icontains=words) | Q(user__email__icontains=words)) if words else rows

    def _shown(self, rows: QuerySet[Member], show: str) -> QuerySet[Member]:
        if show == "left":
            return rows.filter(left_at__isnull=False)
        rows = rows.filter(left_at=None)
        if show == "away":
            return rows.filter(id__in=Absence.objects.in_force(self.now).filter(**self.home).values("member_id"))
        return rows.filter(role=show) if show else rows

    def _beyond(self, rows: QuerySet[Member], after: str | None) -> QuerySet[Member]:
        digits, _, name = (after or "").partition("~")
        key = cursor.whole(digits)
        name = name.replace("\x00", "")[:200]
        return rows if key is None else rows.filter(Q(name__gt=name) | Q(name=name, id__gt=key))

    def _rows(self, page: list[Member]) -> list[dict[str, Any]]:
        """Each with teams and absence, by two statements for all of them."""
        ids = [member.pk for member in page]
        teams: dict[int, list[str]] = {}
        places = TeamMembership.objects.filter(**self.home, member_id__in=ids, team__closed_at=None)
        for id, name in places.order_by("team__name").values_list("member_id", "team__name"):
            teams.setdefault(id, []).append(name)
        away = {a.member_id: a for a in Absence.objects.in_force(self.now).filter(**self.home, member_id__in=ids)}
        return [{"who": member, "teams": teams.get(member.pk, []), "away": away.get(member.pk)} for member in page]
