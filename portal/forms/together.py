"""To whom several handoffs are redirected at once."""

from collections.abc import Collection, Sequence
from typing import Any

from portal.forms.base import ActionForm
from portal.forms.receivers import ReceiverField, Receivers
from portal.forms.verb import long_words
from tenants.models import Workspace

WORKSPACES = 5  # in how many different ones the receivers are looked up at once


class RedirectTogetherForm(ActionForm):
    """One receiver for all; who may receive in each of their workspaces is offered."""

    message = long_words("Message", required=False)

    def __init__(self, *given: Any, workspaces: Sequence[Workspace], givers: Collection[int]) -> None:
        super().__init__(*given)
        first, *others = (Receivers(workspace, leave_out=givers) for workspace in workspaces)
        first.keep_common(others)
        self.fields["receiver"] = ReceiverField(first, label="To")
        self.order_fields(["receiver"])

    def words(self) -> dict[str, Any]:
        """The receiver as team and person."""
        team, member = self.cleaned_data["receiver"]
        return {"to_team": team, "to_member": member, "message": self.cleaned_data["message"]}
