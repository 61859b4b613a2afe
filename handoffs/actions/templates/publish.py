"""Publish: a draft version becomes what new handoffs use, and never changes again."""

from datetime import datetime

from handoffs.actions.templates._read_back import refuse_read_back
from handoffs.models import Ladder, TemplateVersion
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization


def publish(*, version: TemplateVersion, by: Member, at: datetime) -> TemplateVersion:
    """Freezes the version and its ladder, which is today's standard one where none is named; twice changes nothing.

    Raises Invalid for a read-back that cannot be done.
    """
    must_be_home(by, version)
    must_run_the_organization(by)
    locked = TemplateVersion.objects.select_for_update(of=("self",)).select_related("template").get(pk=version.pk)
    if locked.is_frozen:
        return locked
    refuse_read_back(locked)
    if locked.ladder_id is None:
        locked.ladder = Ladder.objects.filter(organization_id=by.organization_id, is_standard=True).first()
    elif locked.ladder is not None and locked.ladder.frozen_at is None:
        Ladder.objects.filter(id=locked.ladder_id).update(frozen_at=at)
    locked.published_at, locked.published_by = at, by
    locked.save(update_fields=["published_at", "published_by", "ladder"])
    return locked
