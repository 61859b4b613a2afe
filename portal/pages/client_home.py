"""The home of a client: what waits for them, what waits for us, what is done, and the documents of the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from handoffs.desk import waits_for
from handoffs.lifecycle import State
from handoffs.models import Document, Handoff
from portal.pages.rows import Row, Rows, ids_of, page_of
from tenants.models import Member, Role, Workspace

GLANCE, CAP = 8, 100
DOCUMENTS = 12


@dataclass(frozen=True)
class Part:
    """One part: its first rows, and how many there are, counted up to a hundred."""

    title: str
    rows: Sequence[Row]
    count: int
    none: str

    @property
    def counted(self) -> str:
        """The count as people read it."""
        return f"{CAP}+" if self.count >= CAP else str(self.count)


class ClientHome:
    """One client workspace as one of its readers sees it: theirs first, whoever they are."""

    def __init__(self, workspace: Workspace, member: Member, now: datetime, handoffs: QuerySet[Handoff]) -> None:
        """`handoffs` are those of the workspace that this member sees."""
        self.workspace, self.member, self.now = workspace, member, now
        self._handoffs = handoffs.order_by("-id")

    @property
    def parts(self) -> list[Part]:
        """What waits for the reader's side, for the other side, and what is done."""
        is_client = self.member.role == Role.CLIENT
        other = self.member.organization.name if is_client else self.workspace.name
        done = self._handoffs.filter(state=State.COMPLETED)
        return [
            self._part("Waits for us", self._waiting(clients=is_client), "Nothing waits for us."),
            self._part(f"Waits for {other}", self._waiting(clients=not is_client), "Nothing waits there."),
            self._part("Done", done, "Nothing is done yet."),
        ]

    def _waiting(self, *, clients: bool) -> QuerySet[Handoff]:
        """Due first."""
        due = Coalesce("open_offer__due_at", "complete_due_at").asc(nulls_last=True)
        return waits_for(self._handoffs, clients=clients).order_by(due, "-id")

    def _part(self, title: str, handoffs: QuerySet[Handoff], none: str) -> Part:
        page = page_of(handoffs, GLANCE)
        rows = Rows(self.now, page)
        count = len(page) if len(page) < GLANCE else len(ids_of(handoffs, CAP))
        return Part(title, [rows.any(handoff) for handoff in page], count, none)

    @property
    def documents(self) -> list[Document]:
        """The newest documents, each in its newest version."""
        here = Document.objects.visible_to(self.member).filter(
            organization_id=self.member.organization_id, is_latest=True, handoff__in=self._handoffs.order_by()
        )
        newest: list[Document] = list(here.select_related("handoff").order_by("-attached_at", "-id")[:DOCUMENTS])
        return newest
