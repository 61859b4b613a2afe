"""For those who operate the site: is it alive, is it well, and how it is in figures."""

import ipaddress
from typing import Any

from django.conf import settings
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import metrics, status
from portal.environment import current


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nothing else, so a database that is down does not get it restarted."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Well, as a whole: database, worker, and nothing that waits too long; 503 and why when it is not."""
    try:
        found = status.look()
    except DatabaseError:
        return JsonResponse({"well": False, "problems": ["The database does not answer."]}, status=503)
    return JsonResponse(told(found), status=200 if found.is_well else 503)


@never_cache
@require_safe
def servez(request: HttpRequest) -> JsonResponse:
    """Fit to be sent requests: the database answers, is the right one and up to date. A worker is not asked for."""
    try:
        wrong = list(status.wrong_with_the_database())
    except DatabaseError:
        wrong = ["The database does not answer."]
    return JsonResponse({"well": not wrong, "problems": wrong}, status=503 if wrong else 200)


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: to who has the token; without a token, outside of production, to this machine itself.

    Everybody else finds nothing.
    """
    token = settings.HANDRAIL_METRICS_TOKEN
    if token:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not constant_time_compare(given.strip(), token):
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    elif current().production or not _is_local(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def told(found: status.Status) -> dict[str, Any]:
    """The status as JSON: figures and sentences; neither hosts nor anything that belongs to an organization."""
    return {
        "well": found.is_well,
        "problems": found.problems,
        "workers": [
            {"beat_seconds": round(worker.beat_seconds, 1), "processes": worker.processes, "version": worker.version}
            for worker in found.workers
        ],
        **{
            reading.name: {
                **({} if reading.seconds is None else {"seconds": round(reading.seconds, 1)}),
                **({} if reading.count is None else {"count": reading.count}),
                "limit": reading.limit,
                "well": reading.is_well,
            }
            for reading in found.readings
        },
    }


def _is_local(request: HttpRequest) -> bool:
    """Asked from this machine, and not handed on by a proxy, which would be asking for somebody else."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
