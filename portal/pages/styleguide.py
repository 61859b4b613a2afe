"""A living page of every component, with a sample handoff, for those who build pages. In development only."""

from datetime import datetime, timedelta
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.pages.sample_flows import flows
from portal.templatetags.states import LOOKS

ZONE = "Europe/Tallinn"
PAGES = {"components": "styleguide.html", "handoff": "styleguide/handoff.html", "inbox": "styleguide/inbox.html"}


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(help_text="One line that the receiver understands without opening it.")
    summary = forms.CharField(widget=forms.Textarea, required=False)
    template = forms.ChoiceField(choices=[("", "Choose…"), ("plain", "Plain handoff"), ("sbar", "SBAR")])
    due = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    parts = forms.MultipleChoiceField(
        choices=[("contract", "Contract"), ("access", "Access list")], widget=forms.CheckboxSelectMultiple
    )
    is_internal = forms.BooleanField(label="Internal: clients never see it", required=False)
    document = forms.FileField(help_text="PDF or spreadsheet, up to 25 MB.", required=False)


class AnswerForm(forms.Form):
    """An answer to a question."""

    text = forms.CharField(label="Your answer", widget=forms.Textarea)


def rows() -> list[dict[str, Any]]:
    """A short inbox."""
    lines = [
        ("Signed contract to onboarding", "Priya Raman", "Sales", "waiting_for_you", "1 h 12 m left"),
        ("Incident 318: follow-up to platform", "Jonas Weber", "Support", "late", "22 m late"),
        ("Q3 tax papers for review", "Alma Ortiz", "Client, Northwind", "waiting_for_you", "3 h 40 m left"),
        ("Landing page copy to design", "Mei Tanaka", "Marketing", "accepted", "Accepted 09:14"),
        ("Night shift to day shift, ward 4", "Sam Okoye", "Nursing", "returned", "Returned 08:50"),
        ("Data export for auditors", "Lena Fischer", "Finance", "completed", "Done yesterday"),
    ]
    return [dict(zip(("title", "who", "note", "state", "time"), line, strict=True)) for line in lines]


def timeline(now: datetime) -> list[dict[str, Any]]:
    """What happened to the sample handoff."""
    happened = [
        (240, "mail-forward", "Priya sent this to Onboarding", "Due after 4 working hours, at 13:02"),
        (211, "eye", "Onboarding opened it", "Seen by Tom Ilves"),
        (120, "bell", "Reminder sent", "Half of the time had gone"),
        (102, "message-2", "Priya added a note", "Client asked to move the kick-off to the 3rd."),
    ]
    return [
        {"at": now - timedelta(minutes=ago), "icon": icon, "sentence": sentence, "detail": detail}
        for ago, icon, sentence, detail in happened
    ]


def checklist(now: datetime) -> list[dict[str, Any]]:
    """Four things to tick, three of them done."""
    texts = [
        "Scope agreed with the client",
        "Billing contact confirmed",
        "Access list attached",
        "Kick-off date proposed",
    ]
    ticked = [now - timedelta(minutes=ago) for ago in (260, 247, 240)]
    done = [{"text": text, "done": True, "who": "Priya", "at": at} for text, at in zip(texts, ticked, strict=False)]
    return [*done, {"text": texts[3], "done": False, "required": True, "url": "#"}]


def questions(now: datetime) -> list[dict[str, Any]]:
    """One question that was answered and one that waits."""
    answer = {"who": "Priya Raman", "at": now - timedelta(minutes=60), "text": "Yes, from the 1st."}
    asked = {"id": 1, "who": "Tom Ilves", "at": now - timedelta(minutes=75), "text": "May we bill monthly?"}
    waiting = {"id": 2, "who": "Tom Ilves", "at": now - timedelta(minutes=20), "text": "Who signs the access list?"}
    return [{**asked, "answer": answer}, {**waiting, "internal": True}]


def sample(now: datetime) -> dict[str, Any]:
    """Everything the three sample pages show."""
    return {
        "zone": ZONE,
        **flows(),
        "rows": rows(),
        "timeline": timeline(now),
        "checklist": checklist(now),
        "questions": questions(now),
        "left": timedelta(hours=1, minutes=12),
        "late": timedelta(minutes=-22),
        "due": now + timedelta(hours=1, minutes=12),
        "states": list(LOOKS),
        "tones": ["good", "accent", "warn", "danger"],
        "files": [("contract-signed.pdf", 1_258_291), ("access-list.xlsx", 49_152), ("kickoff-notes.md", 6_144)],
        "facts": [
            ("Contract value", "EUR 48,000 a year"),
            ("Start date", "1 December 2026"),
            ("Billing contact", "ap@northwind.example"),
            ("Promised response time", "4 working hours"),
        ],
        "missing": ["Contract value", "Signed contract (document)", "Scope agreed with the client"],
        "form": SampleForm(),
        "faulty_form": SampleForm({}, prefix="faulty"),
        "answer_form": AnswerForm(prefix="answer"),
        "waiting_count": 3,
        "unread_count": 2,
        "workspaces": [Sample(pk=1, name="Northwind", kind="client"), Sample(pk=2, name="Internal", kind="internal")],
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """One of the sample pages (?page=components, handoff or inbox); 404 outside development."""
    page = PAGES.get(request.GET.get("page", "components"))
    if not settings.DEBUG or page is None:
        raise Http404
    return render(request, page, sample(timezone.now()))
