"""What a handoff of a kind must carry: templates, their frozen versions, fields, and starter kits."""
