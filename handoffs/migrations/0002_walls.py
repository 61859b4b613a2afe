"""Row security and organization-wide references for every table of the product."""

from django.db import migrations

from tenants.isolation import TenantReference, isolate

# Handoff, Offer and Custody point at each other: the handoff's own references come when all three are isolated.
HANDOFF_REFERENCES = (
    "workspace",
    "template_version",
    "sender",
    "sender_team",
    "custodian",
    "custodian_team",
    "open_offer",
)


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial"), ("tenants", "0001_initial")]

    operations = [
        *isolate("Counter"),
        *isolate("Ladder"),
        *isolate("Rung", "ladder"),
        *isolate("HandoffTemplate"),
        *isolate("TemplateVersion", "template", "target_team", "ladder", "published_by"),
        *isolate("FieldDefinition", "version"),
        *isolate("ChecklistDefinition", "version"),
        *isolate("DocumentSlot", "version"),
        *isolate("Handoff"),
        *isolate("Offer", "handoff", "giver", "from_team", "to_team", "to_member", "viewed_by", "closed_by"),
        *isolate("Custody", "handoff", "holder", "team", "offer"),
        *isolate("Event", "handoff", "by"),
        *isolate("Clock", "handoff", "offer", "calendar", "ladder"),
        *isolate("Alarm", "clock", "rung", "handoff"),
        *isolate("ChecklistItem", "handoff", "ticked_by"),
        *isolate("Document", "handoff", "attached_by"),
        *isolate("Link", "handoff", "added_by"),
        *isolate("Note", "handoff", "written_by"),
        *isolate("Question", "handoff", "asked_by", "asked_member", "asked_team", "answered_by"),
        *isolate("Delivery", "event"),
        *isolate("Notice", "event", "handoff", "member"),
        *isolate("Message", "event", "member"),
        *isolate("HandoffUserPermission", "content_object"),
        *isolate("HandoffTeamPermission", "content_object"),
        *(TenantReference("Handoff", name) for name in HANDOFF_REFERENCES),
    ]
