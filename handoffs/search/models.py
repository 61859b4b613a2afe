"""The words of one handoff, as they are looked up."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tenants.models import TenantForeignKey, TenantModel


class Words(TenantModel):
    """Every word of a handoff and of what travels with it, once.

    What everyone on the handoff may read stands there plainly, what is internal behind a tilde: a client's search does
    not ask for the second kind. `=` is in every row, `=` and the organization's id in every row of the organization.
    """

    handoff = TenantForeignKey("handoffs.Handoff", on_delete=models.CASCADE, related_name="+")
    words = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff"], name="words_once_per_handoff")]
        indexes = [GinIndex(fields=["words"], name="words_in_handoffs")]

    def __str__(self) -> str:
        return f"words of {self.handoff_id}"
