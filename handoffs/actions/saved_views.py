"""Keeping and dropping the views that a member looks at again."""

from datetime import datetime

from handoffs.models import SavedView
from handoffs.refusals import Invalid
from tenants.models import Member

MOST = 20
LENGTH = 60


def save_view(*, by: Member, at: datetime, name: str, asked: str) -> SavedView:
    """Keeps this view under a name; of the same name it takes the place of the former one.

    Raises `Invalid` for no name, for one that is too long, for a view that narrows nothing, and for one too many.
    """
    called = " ".join(name.split())
    if not called or len(called) > LENGTH:
        raise Invalid(
            f"Give the view a name of up to {LENGTH} characters.", code="view_name", details={"field": "name"}
        )
    if not asked or len(asked) > 500:
        raise Invalid("Choose what to look for, then save that.", code="view_asks_nothing")
    mine = SavedView.objects.filter(organization_id=by.organization_id, member=by)
    names = set(mine.values_list("name", flat=True))
    if called not in names and len(names) >= MOST:
        raise Invalid(f"You have {MOST} saved views already; remove one first.", code="views_too_many")
    saved, _ = mine.update_or_create(
        organization_id=by.organization_id, member=by, name=called, defaults={"asked": asked, "saved_at": at}
    )
    return saved


def drop_view(view: SavedView, *, by: Member) -> None:
    """Forgets a view of one's own; one that is gone already stays gone."""
    SavedView.objects.filter(organization_id=by.organization_id, member=by, id=view.pk).delete()
