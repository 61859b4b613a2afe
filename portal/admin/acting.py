"""A button that acts: a small page with the words it needs, one call behind it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from portal.admin.base import Section, place_refusal
from portal.admin.dress import dressed
from tenants.refusals import Refusal


class NoWords(forms.Form):
    """Nothing to say: the button is enough."""


def act(
    section: Section,
    request: HttpRequest,
    *,
    title: str,
    button: str,
    call: Callable[[dict[str, Any]], Any],
    done: Callable[[Any], str],
    back: str,
    onward: Callable[[Any], str] | None = None,
    intro: str = "",
    form: Callable[..., forms.Form] = NoWords,
    danger: bool = False,
    has_files: bool = False,
) -> HttpResponse:
    """Asks with `form` on GET; on POST makes the one call, tells what is `done` and goes `onward`, else `back`."""
    lacking: list[str] = []
    filled = form(request.POST, request.FILES) if request.method == "POST" else form()
    if request.method == "POST" and filled.is_valid():
        try:
            with transaction.atomic():
                made = call(dict(filled.cleaned_data))
        except Refusal as refusal:
            place_refusal(filled, refusal)
            lacking = [_said(each) for each in (*_listed(refusal, "problems"), *_listed(refusal, "strange"))]
        else:
            messages.success(request, done(made))
            return HttpResponseRedirect(onward(made) if onward else back)
    facts = {"title": title, "button": button, "intro": intro, "form": dressed(filled), "danger": danger, "back": back}
    facts |= {"has_files": has_files, "lacking": lacking}
    context = {**section.admin_site.each_context(request), **facts, "opts": section.opts}
    return TemplateResponse(request, "admin/act.html", context)


def _listed(refusal: Refusal, name: str) -> list[Mapping[str, Any]]:
    """What of a flow cannot be read, or keeps it from being published."""
    return list(refusal.details.get(name) or ())


def _said(each: Mapping[str, Any]) -> str:
    place = each.get("place") or (f"line {each['line']}" if "line" in each else "")
    return f"{place}: {each['sentence']}" if place else str(each["sentence"])
