"""The link in a digest or a report that stops them: looking changes nothing, for scanners open links; sending does."""

from uuid import UUID

from django.core.signing import BadSignature, loads
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from handoffs.actions.delivery import stop_digests
from handoffs.delivery.digest_letter import SALT
from handoffs.models import Digest
from portal.pages.base import STATUS
from tenants.refusals import Refusal
from tenants.scope import scope


# The mail reader's own button posts without a cookie of ours (RFC 8058); what proves that it may is the signed link.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first, stops when told to; nobody has to sign in. 404 for a link that is not ours."""
    try:
        organization_id, digest_id = loads(token, salt=SALT)
    except (BadSignature, ValueError):
        raise Http404 from None
    facts: dict[str, object] = {"token": token, "done": False, "address": f"/digests/stop/{token}/"}
    with scope(UUID(organization_id)):
        digests = Digest.objects.filter(organization_id=organization_id, id=digest_id)
        digest = digests.select_related("member__user", "member__organization").first()
        if digest is None:
            raise Http404
        facts["what"] = "digests" if digest.week is None else "reports"
        facts["organization"] = digest.member.organization
        facts["choose"] = f"/o/{digest.member.organization.slug}/settings/delivery/"
        if request.method == "POST":
            try:
                stop_digests(digest=digest, at=timezone.now())
            except Refusal as refusal:
                return render(request, "settings/stop.html", facts | {"refusal": refusal}, status=STATUS[refusal.kind])
            facts["done"] = True
    response = render(request, "settings/stop.html", facts)
    response["Cache-Control"] = "no-store"
    return response
