"""Event logs: upload one, say what its columns mean, see what was understood, and have it brought in."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from handoffs.actions.logs import bring_in, choose_columns, discard_log, upload_log
from handoffs.logs.likely import likely_done, likely_queued
from handoffs.logs.models import LogKind, LogStage
from handoffs.logs.tables import XES_HEAD, Sight, sight
from handoffs.models import EventLog, LogRow
from portal.forms.base import ActionForm
from portal.forms.logs import BringForm, ColumnsForm, UploadForm
from portal.pages.base import ActingPage, Page
from tenants.models import Role

LISTED, PROBLEMS, PREVIEWED = 50, 100, 5
CHOOSING = (LogStage.COLUMNS, LogStage.READ, LogStage.FAILED)


class LogsPage(Page):
    """For those who run the organization; clients find nothing here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for clients, 403 for those who do not run it."""
        member = getattr(request, "member", None)
        if member is not None and member.role == Role.CLIENT:
            raise Http404
        if member is not None and not member.runs_the_organization:
            raise PermissionDenied("Event logs are brought in by those who run the organization.")
        return super().dispatch(request, *args, **kwargs)


class Uploads(LogsPage, ActingPage):
    """All logs that were uploaded here, and a form for another."""

    template = "insight/logs.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list and an empty form."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> UploadForm:
        """A file."""
        return UploadForm(*given)

    def act(self, form: ActionForm) -> EventLog:
        """The one call."""
        return upload_log(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The newest first."""
        logs = EventLog.objects.filter(organization_id=self.member.organization_id).select_related("uploaded_by")
        return self.show(status, form=form, logs=logs.order_by("-id")[:LISTED])

    def after(self, done: Any) -> HttpResponse:
        """On to the log."""
        return self.told(f"“{done.name}” is uploaded.", _page_of(done))


class OneLog(LogsPage, ActingPage):
    """What is about one log; 404 for another organization's."""

    template = "insight/uploaded.html"

    @cached_property
    def log(self) -> EventLog:
        """The one in the address, as it is now."""
        here = EventLog.objects.filter(organization_id=self.member.organization_id, uid=self.kwargs["uid"])
        log = here.select_related("uploaded_by").first()
        if log is None:
            raise Http404
        return log

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The log with the form as it was filled in."""
        return self.show(status, **self.facts(form))

    def facts(self, given: ActionForm | None) -> dict[str, Any]:
        """What the page shows; `given` is a form that was refused."""
        log, seen = self.log, self.seen
        is_read = log.stage == LogStage.READ
        columns = given if isinstance(given, ColumnsForm) else self.columns_form() if seen else None
        bring = given if isinstance(given, BringForm) else self.bring_form() if is_read else None
        rows = LogRow.objects.filter(organization_id=log.organization_id, log=log)
        return {
            "log": log,
            "preview": seen.rows[:PREVIEWED] if seen else (),
            "head": seen.head if seen else (),
            "columns": columns,
            "bring": bring,
            "refusal": given.refusal if given else None,
            "told": _told(log),
            "percent": _percent(log),
            "into_url": f"/o/{log.into_slug}/insight/?weeks=all",
            "problems": rows.exclude(problem="").order_by("line")[:PROBLEMS] if is_read and log.bad else (),
        }

    @cached_property
    def seen(self) -> Sight | None:
        """The beginning of the file, where its columns can be chosen."""
        log = self.log
        if log.stage not in CHOOSING or log.kind == LogKind.XES or not log.file:
            return None
        return sight(Path(log.file.path))

    def columns_form(self, *given: Any) -> ColumnsForm:
        """Chosen, or as they are guessed."""
        head = self.seen.head if self.seen else XES_HEAD
        return ColumnsForm(*given, head=head, chosen=self.log.columns)

    def bring_form(self, *given: Any) -> BringForm:
        """With what activities usually mean."""
        activities = [(name, number) for name, number in self.log.summary.get("activities", ())]
        names = [name for name, _ in activities]
        stem = Path(self.log.name).name.split(".")[0].replace("_", " ").strip()
        guessed = {"name": f"{stem[:60]} as it was", "done": likely_done(names), "queued": likely_queued(names)}
        return BringForm(*given, activities=activities, guessed=guessed, has_bad=bool(self.log.bad))

    def after(self, done: Any) -> HttpResponse:
        """The log again, further on."""
        return self.told("This goes on by itself; you may close the page meanwhile.", _page_of(done))


class LogPage(OneLog):
    """The log, at whatever stage it is."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Kept true while somebody looks."""
        return self.show(**self.facts(None))


class ChooseColumns(OneLog):
    """Has it read by these columns."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """The columns."""
        return self.columns_form(*given)

    def act(self, form: ActionForm) -> EventLog:
        """The one call."""
        return choose_columns(self.log, by=self.member, at=self.now, **form.words())


class BringIn(OneLog):
    """Has it brought in."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """What it becomes."""
        return self.bring_form(*given)

    def act(self, form: ActionForm) -> EventLog:
        """The one call."""
        return bring_in(self.log, by=self.member, at=self.now, **form.words())


class Discard(OneLog):
    """Discards it."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def act(self, form: ActionForm) -> None:
        """The one call."""
        discard_log(self.log, by=self.member, at=self.now)

    def after(self, done: Any) -> HttpResponse:
        """Back to the list."""
        return self.told(f"“{self.log.name}” is discarded.", reverse("logs"))


def _page_of(log: EventLog) -> str:
    return reverse("log", args=[log.uid])


def _told(log: EventLog) -> list[tuple[str, str]]:
    """What was understood, in words."""
    if not log.summary:
        return []
    said = log.summary
    first, last = (parse_datetime(said[name]) for name in ("first", "last"))
    days = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else "–"
    counts = [(word.capitalize(), f"{said[word]:,}") for word in ("cases", "events", "people", "teams")]
    return [*counts, ("From and to", days), ("Rows not understood", f"{said['bad']:,}")]


def _percent(log: EventLog) -> int | None:
    """How far it has come; None where that is not known."""
    if log.stage == LogStage.BRINGING:
        return round(100 * log.brought / max(1, int(log.summary["cases"])))
    if log.stage == LogStage.READING and log.kind == LogKind.CSV and log.size:
        return min(100, round(100 * log.position / log.size))
    return None
