"""What every table of an organization has: the organization, and references that cannot leave it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Func

from tenants.scope import ORGANIZATION_SETTING

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)


class CurrentOrganization(Func):
    """The organization now in force, as the database knows it; rows that libraries insert are given it by default."""

    template = f"nullif(current_setting('{ORGANIZATION_SETTING}', true), '')::uuid"

    def __init__(self) -> None:
        super().__init__(output_field=models.UUIDField())


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A reference to another row of the same organization.

    Foreign-key checks ignore row security, so a plain one could point into another organization. The database
    reference is composite, (organization_id, x_id), and is made by `tenants.isolation.TenantReference`.
    """

    def __init__(
        self,
        to: type[models.Model] | str,
        on_delete: Callable[..., None] = models.PROTECT,
        **options: Any,
    ) -> None:
        options["db_constraint"] = False
        # An index only where rows are looked up by it: most are found by a key that begins with the organization, and
        # every further index is paid for by each transition.
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Leave out what this class always sets itself."""
        name, path, args, options = super().deconstruct()
        options.pop("db_constraint", None)
        # Django leaves its own default out; ours is the other way round.
        if options.pop("db_index", True):
            options["db_index"] = True
        return name, path, args, options


class TenantModel(models.Model):
    """A row that belongs to one organization and is invisible to all others."""

    # No index of its own: the unique (organization_id, id) that isolation adds begins with it.
    organization = models.ForeignKey(
        "tenants.Organization",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_default=CurrentOrganization(),
    )

    class Meta:
        abstract = True
