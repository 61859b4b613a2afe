"""Whether the read-back that a version asks for can be done at all."""

from handoffs.definition.read_back import MOST, Grade
from handoffs.models import FieldDefinition, TemplateVersion
from handoffs.refusals import Invalid


def refuse_read_back(version: TemplateVersion) -> None:
    """Raises Invalid too_many_key_facts, no_key_facts, or key_fact_too_long."""
    rows = FieldDefinition.objects.filter(organization_id=version.organization_id, version=version, key_fact=True)
    facts = list(rows)
    if len(facts) > MOST:
        sentence = f"{len(facts)} fields are marked as key facts. Mark {MOST} at most: more nobody keeps in mind."
        raise Invalid(sentence, code="too_many_key_facts", details={"field": "read_back"})
    if version.read_back != Grade.OFF and not facts:
        sentence = "Nothing can be read back yet: mark one to four of the sender's fields as key facts."
        raise Invalid(sentence, code="no_key_facts", details={"field": "read_back"})
    long = next((fact for fact in facts if fact.type == "long_text"), None)
    if version.read_back == Grade.FULL and long is not None:
        sentence = (
            f"“{long.label}” is long text, which nobody restates word for word. "
            "Give it another type, or ask for one tap instead of the full read-back."
        )
        raise Invalid(sentence, code="key_fact_too_long", details={"field": "read_back"})
