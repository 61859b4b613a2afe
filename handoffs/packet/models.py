"""The rows that travel with a handoff, each visible to everyone on it or internal only."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q

from handoffs.packet.storage import document_path, document_storage
from handoffs.sides import Side
from tenants.models import Member, Team, TenantForeignKey, TenantModel


class PacketQuerySet(models.QuerySet[Any]):
    """Reads over what travels."""

    def visible_to(self, member: Member) -> Self:
        """A client never sees what is marked internal."""
        return self.filter(internal=False) if member.role == "client" else self


class Packed(TenantModel):
    """What everything that travels has in common."""

    internal = models.BooleanField(default=False)

    objects = PacketQuerySet.as_manager()

    class Meta:
        abstract = True


class ChecklistItem(Packed):
    """One item to tick; keeps who ticked it and when."""

    handoff = TenantForeignKey("handoffs.Handoff", related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    side = models.CharField(max_length=8, choices=Side.choices)
    required = models.BooleanField(default=False)
    ticked_at = models.DateTimeField(null=True)
    ticked_by = TenantForeignKey(Member, null=True, related_name="+")

    class Meta:
        ordering = ["handoff_id", "side", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["handoff", "key"], name="checklist_key_once")]

    def __str__(self) -> str:
        return self.label


class Preview(models.TextChoices):
    """Whether there is a picture of a document's first page."""

    NONE = "none", "There is none"
    WANTED = "wanted", "It is being drawn"
    DRAWN = "drawn", "There is one"


class Document(Packed):
    """One version of one file. The same name in the same slot again is its next version."""

    uid = models.UUIDField(default=uuid.uuid4)
    handoff = TenantForeignKey("handoffs.Handoff", related_name="documents")
    slot = models.SlugField(max_length=40, blank=True)
    side = models.CharField(max_length=8, choices=Side.choices)
    name = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    preview = models.CharField(max_length=6, choices=Preview.choices, default=Preview.NONE)
    file = models.FileField(upload_to=document_path, storage=document_storage, max_length=200)
    # The document of an earlier step that this one is: it flowed on, with the same bytes.
    origin = TenantForeignKey("handoffs.Document", null=True, blank=True, related_name="+")
    attached_by = TenantForeignKey(Member, related_name="+")
    attached_at = models.DateTimeField()

    class Meta:
        ordering = ["handoff_id", "name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["handoff", "slot", "name", "version"], name="document_version_once"),
            models.UniqueConstraint(fields=["organization", "uid"], name="document_uid_once"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "sha256"], condition=Q(preview=Preview.WANTED), name="document_undrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Link(Packed):
    """One address somewhere else."""

    handoff = TenantForeignKey("handoffs.Handoff", related_name="links", db_index=True)
    url = models.CharField(max_length=2000)
    label = models.CharField(max_length=200)
    added_by = TenantForeignKey(Member, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label


class Note(Packed):
    """Words for everyone on the handoff, or for the organization's own people only."""

    handoff = TenantForeignKey("handoffs.Handoff", related_name="notes", db_index=True)
    body = models.TextField()
    written_by = TenantForeignKey(Member, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:60]


class Question(Packed):
    """A question that holds the work up until the asked side answers it."""

    handoff = TenantForeignKey("handoffs.Handoff", related_name="questions", db_index=True)
    body = models.TextField()
    asked_by = TenantForeignKey(Member, related_name="+")
    asked_at = models.DateTimeField()
    asked_member = TenantForeignKey(Member, null=True, related_name="+")
    asked_team = TenantForeignKey(Team, null=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_by = TenantForeignKey(Member, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Asked by a read-back that differed; the same person's read-back that agrees settles it.
    from_read_back = models.BooleanField(default=False)

    class Meta:
        ordering = ["handoff_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_member__isnull=False) | Q(asked_team__isnull=False), name="question_asks_somebody"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="question_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "handoff"], condition=Q(answered_at__isnull=True), name="question_open"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    def is_asked_of(self, member: Member) -> bool:
        """Whether this member is on the asked side; nobody answers themselves."""
        if self.asked_by_id == member.id:
            return False
        if self.asked_member_id is not None:
            return self.asked_member_id == member.id
        return self.asked_team_id in member.standing.team_ids
