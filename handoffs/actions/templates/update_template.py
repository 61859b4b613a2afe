"""Update a template: its name, what it is for, and whether it is still in use."""

from datetime import datetime

from handoffs.models import HandoffTemplate
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization, saving


def update_template(
    *,
    template: HandoffTemplate,
    name: str,
    by: Member,
    at: datetime,
    description: str = "",
    for_clients: bool = False,
    retired: bool = False,
) -> HandoffTemplate:
    """Changes what people choose the template by; a retired one starts no new handoffs, running ones go on.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid.
    """
    must_be_home(by, template)
    must_run_the_organization(by)
    template.name, template.description, template.for_clients = name, description, for_clients
    if retired != (template.retired_at is not None):
        template.retired_at = at if retired else None
    with saving():
        template.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        template.save(update_fields=["name", "description", "for_clients", "retired_at"])
    return template
