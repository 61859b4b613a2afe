"""The list of mails, one mail, and its HTML as a mail reader would show it."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.mailbox.reading import Mail, find, newest

SHOWN = 100
# What somebody wrote into a mail runs nothing and fetches nothing; a link in it may leave the frame when clicked.
CAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The latest mails, whoever they are for."""
    return render(request, "mailbox/inbox.html", {"mails": newest(_directory(), SHOWN)})


@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail with its headers, as HTML and as text."""
    return render(request, "mailbox/mail.html", {"mail": _mail(key)})


@require_safe
@xframe_options_sameorigin
def body(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail, for the frame in which it is shown."""
    shown = _mail(key).html
    if not shown:
        raise Http404
    # Links open in place of the page around the frame.
    response = HttpResponse(shown.replace("<head>", '<head><base target="_top">', 1))
    response.headers["Content-Security-Policy"] = CAGE
    return response


def _mail(key: str) -> Mail:
    found = find(_directory(), key)
    if found is None:
        raise Http404
    return found


def _directory() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
