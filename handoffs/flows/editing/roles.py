"""Roles of a flow: added, changed, removed. Pure."""

from collections.abc import Mapping
from typing import Any

from handoffs.flows.editing.names import Document, Part, key_for, listed, must_be_free, place_of
from tenants.refusals import Invalid


def add_role(document: Mapping[str, Any], *, label: str, team: str = "", member: str = "") -> Document:
    """With one more role, its key made from its label."""
    roles = listed(document, "roles")
    key = key_for(label, [role["key"] for role in roles], "role")
    people = {name: value for name, value in (("team", team), ("member", member)) if value}
    return {**document, "roles": [*roles, {"key": key, "label": label, **people}]}


def change_role(document: Mapping[str, Any], key: str, role: Part) -> Document:
    """With `role` in the place of the one of this key; steps follow a key that changes.

    Raises Missing no_such_role, Invalid key_taken.
    """
    roles, steps = listed(document, "roles"), listed(document, "steps")
    place, new = place_of(roles, key, "role"), role.get("key", key)
    must_be_free(new, roles[:place] + roles[place + 1 :], "role")
    roles[place] = {**role, "key": new}
    return {**document, "roles": roles, "steps": [_renamed(step, key, new) for step in steps] if new != key else steps}


def remove_role(document: Mapping[str, Any], key: str) -> Document:
    """Without the role. Raises Missing no_such_role, Invalid role_in_use."""
    roles, steps = listed(document, "roles"), listed(document, "steps")
    place = place_of(roles, key, "role")
    users = [step["label"] for step in steps if key in _roles_of(step)]
    if users:
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        raise Invalid(
            f"“{roles[place]['label']}” still has work in “{users[0]}”{more}; give that to another role first.",
            code="role_in_use",
        )
    del roles[place]
    return {**document, "roles": roles}


def _roles_of(step: Part) -> set[str]:
    hours_of = step.get("pause", {}).get("hours_of", "")
    return {step.get("giver", ""), step.get("receiver", ""), hours_of, *step.get("cast", {}).values()}


def _renamed(step: Part, old: str, new: str) -> dict[str, Any]:
    changed = dict(step)
    for name in ("giver", "receiver"):
        if step.get(name) == old:
            changed[name] = new
    if step.get("pause", {}).get("hours_of") == old:
        changed["pause"] = {**step["pause"], "hours_of": new}
    if old in step.get("cast", {}).values():
        changed["cast"] = {theirs: new if ours == old else ours for theirs, ours in step["cast"].items()}
    return changed
