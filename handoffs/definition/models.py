"""HandoffTemplate and TemplateVersion with the rows that define what must travel."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from handoffs.definition.fields import FIELD_TYPES
from handoffs.definition.read_back import Grade
from handoffs.sides import Side
from tenants.models import Member, Team, TenantForeignKey, TenantModel


class HandoffTemplate(TenantModel):
    """One kind of handoff an organization knows."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    kit = models.CharField(max_length=40, blank=True, help_text="The starter kit it was made from, if any.")
    for_clients = models.BooleanField(default=False, help_text="Clients may start handoffs of this kind.")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return self.name


class TemplateVersionQuerySet(models.QuerySet["TemplateVersion"]):
    """Reads over versions."""

    def current(self) -> "TemplateVersionQuerySet":
        """The newest published version of each template that is not retired."""
        return (
            self.filter(published_at__isnull=False, template__retired_at__isnull=True)
            .order_by("template_id", "-number")
            .distinct("template_id")
        )


class TemplateVersion(TenantModel):
    """One edition of a template. Once published it never changes; a running handoff keeps its own."""

    template = TenantForeignKey(HandoffTemplate, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    instructions = models.TextField(blank=True, help_text="Markdown, shown to sender and receiver.")
    target_team = TenantForeignKey(Team, null=True, blank=True, related_name="+")
    accept_within = models.DurationField(null=True, blank=True, help_text="Working time to accept.")
    start_within = models.DurationField(null=True, blank=True, help_text="Working time to start, once accepted.")
    complete_within = models.DurationField(null=True, blank=True, help_text="Working time to complete.")
    answer_within = models.DurationField(null=True, blank=True, help_text="Working time to answer a question.")
    ladder = TenantForeignKey("handoffs.Ladder", null=True, blank=True, related_name="+")
    read_back = models.CharField(
        max_length=8,
        choices=Grade.choices,
        default=Grade.OFF,
        help_text="What the receiver does with the key facts on accepting.",
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = TenantForeignKey(Member, null=True, blank=True, related_name="+")

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(published_at__isnull=True), name="version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"

    @property
    def is_frozen(self) -> bool:
        return self.published_at is not None


class Part(TenantModel):
    """What every defined part of a version has in common."""

    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.SENDER)
    required = models.BooleanField(default=False)
    internal = models.BooleanField(default=False, help_text="Never shown to clients.")

    class Meta:
        abstract = True
        ordering = ["side", "position", "id"]

    def __str__(self) -> str:
        return self.label


class FieldDefinition(Part):
    """One context field (sender) or result field (receiver)."""

    version = TenantForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="fields")
    type = models.CharField(max_length=12, choices=[(t.name, t.label) for t in FIELD_TYPES.values()], default="text")
    help = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text='For choices: ["Low", "High"].')
    key_fact = models.BooleanField(
        default=False, help_text="The receiver reads it back on accepting; up to four of the sender's fields."
    )

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "side", "key"], name="field_key_once"),
            # Both sides must be able to see what is read back, and to talk about it.
            models.CheckConstraint(
                condition=Q(key_fact=False) | Q(side=Side.SENDER, internal=False), name="key_fact_is_seen_by_all"
            ),
        ]

    def clean(self) -> None:
        if FIELD_TYPES[self.type].has_choices and not self.choices:
            raise ValidationError({"choices": "Give at least one choice."})
        if self.key_fact and self.side != Side.SENDER:
            raise ValidationError({"key_fact": "Only what the sender gives can be read back."})
        if self.key_fact and self.internal:
            raise ValidationError({"key_fact": "What clients never see cannot be read back: make it one of the two."})


class ChecklistDefinition(Part):
    """One item that somebody ticks."""

    version = TenantForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="items")

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="item_key_once")]


class DocumentSlot(Part):
    """One place for documents: which types, how many."""

    version = TenantForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="slots")
    accepts = models.JSONField(default=list, blank=True, help_text='Media types, e.g. ["application/pdf", "image/*"].')
    limit = models.PositiveSmallIntegerField(default=10)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="slot_key_once"),
            models.CheckConstraint(condition=Q(limit__gte=1), name="slot_limit_positive"),
        ]
