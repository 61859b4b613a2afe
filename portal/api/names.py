"""Names beside ids: everybody and everything that some rows point to, read by one statement for all of them."""

from portal.api.shapes import Named, TemplateName
from tenants.models import Organization
from tenants.prepared import fetch_all

_READ = {
    "member": "SELECT 'member', id, name, 0, 0 FROM tenants_member",
    "team": "SELECT 'team', id, name, 0, 0 FROM tenants_team",
    "workspace": "SELECT 'workspace', id, name, 0, 0 FROM tenants_workspace",
    "version": """SELECT 'version', id, (SELECT name FROM handoffs_handofftemplate AS t
        WHERE t.organization_id = v.organization_id AND t.id = v.template_id), template_id, number
        FROM handoffs_templateversion AS v""",
}


class Names:
    """Hands out who and what by id; `read` then writes the names in. Whoever is meant twice is one and the same."""

    def __init__(self) -> None:
        self._named: dict[str, dict[int, Named]] = {"member": {}, "team": {}, "workspace": {}}
        self._templates: dict[int, TemplateName] = {}

    def member(self, id: int) -> Named:
        """The member with this id."""
        return self._named["member"].setdefault(id, {"id": id, "name": ""})

    def member_or_none(self, id: int | None) -> Named | None:
        """The same where there may be nobody."""
        return None if id is None else self.member(id)

    def team(self, id: int) -> Named:
        """The team with this id."""
        return self._named["team"].setdefault(id, {"id": id, "name": ""})

    def team_or_none(self, id: int | None) -> Named | None:
        """The same where there may be none."""
        return None if id is None else self.team(id)

    def workspace(self, id: int) -> Named:
        """The workspace with this id."""
        return self._named["workspace"].setdefault(id, {"id": id, "name": ""})

    def template_or_none(self, version_id: int | None) -> TemplateName | None:
        """The template of the version with this id, where there is one."""
        if version_id is None:
            return None
        return self._templates.setdefault(version_id, {"id": 0, "name": "", "version": 0})

    def read(self, organization: Organization) -> None:
        """Reads the name of everyone and everything handed out."""
        wanted = {kind: list(found) for kind, found in self._named.items() if found}
        if self._templates:
            wanted["version"] = list(self._templates)
        if not wanted:
            return
        where = "WHERE organization_id = %(home)s AND id = ANY(%({})s)"
        statement = " UNION ALL ".join(f"{_READ[kind]} {where.format(kind)}" for kind in wanted)
        for kind, id, name, template, number in fetch_all(statement, {"home": organization.pk, **wanted}):
            if kind == "version":
                self._templates[id].update({"id": template, "name": name, "version": number})
            else:
                self._named[kind][id]["name"] = name
