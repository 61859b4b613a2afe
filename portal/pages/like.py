"""One more like an earlier handoff: its words go into the form of a new one, as far as this member may read them."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.utils.http import urlencode

from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, specification
from handoffs.models import Handoff, Side, TemplateVersion
from handoffs.reading_back import covered
from portal.forms.draft import WITHOUT
from portal.forms.specification import initial_of
from tenants.models import Member, Role


class Like:
    """What is taken along: title, summary, priority and context; documents, notes and questions are not."""

    def __init__(self, handoff: Handoff, member: Member) -> None:
        self.handoff = handoff
        self.member = member
        self.reference = handoff.reference

    @property
    def choice(self) -> str:
        """The query of the form: the same workspace, and the template as it is now."""
        version = self.handoff.template_version
        now = (
            TemplateVersion.objects.filter(organization_id=self.member.organization_id, template_id=version.template_id)
            .current()
            .first()
            if version
            else None
        )
        return urlencode(
            {
                "workspace": self.handoff.workspace_id,
                "template": now.pk if now else WITHOUT,
                "like": self.reference,
            }
        )

    @property
    def initial(self) -> dict[str, Any]:
        """What the form begins with."""
        handoff = self.handoff
        own = {"title": handoff.title, "summary": handoff.summary, "priority": handoff.priority}
        values = {f"context-{each.key}": initial_of(each, handoff.context[each.key]) for each in self._known}
        return {**own, "from_team": str(handoff.sender_team_id), **values}

    @cached_property
    def _known(self) -> list[Field]:
        """The fields that were filled in, without what this member may not read, or not yet."""
        fields = specification(self.handoff.template_version).side(
            Side.SENDER, internal=self.member.role != Role.CLIENT
        )
        hidden = covered(self.handoff, self.member)
        return [each for each in fields if each.key not in hidden and is_given(self.handoff.context.get(each.key))]

    def left_out(self, fields: Collection[str]) -> list[str]:
        """The labels of what the form has no field for any more."""
        return [each.label for each in self._known if f"context-{each.key}" not in fields]
