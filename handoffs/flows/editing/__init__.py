"""Changes to the document of a flow: each takes a document and gives another. No Django in here.

What is given is a well-formed document (as `document.written` gives it). A step or role that is changed may hold
anything: whether what comes out can be read is for `document.read` to say, which names the place. What would leave
a name behind that means nothing is refused with a sentence.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from handoffs.flows.editing.links import connect, disconnect
from handoffs.flows.editing.roles import add_role, change_role, remove_role
from handoffs.flows.editing.steps import add_step, change_step, move_step, remove_step

__all__ = [
    "add_role",
    "add_step",
    "change_role",
    "change_step",
    "connect",
    "disconnect",
    "fingerprint",
    "move_step",
    "remove_role",
    "remove_step",
]


def fingerprint(document: Mapping[str, Any]) -> str:
    """What tells this document from every other: 16 characters, the same however its names are ordered."""
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return sha256(plain.encode("utf-8", "backslashreplace")).hexdigest()[:16]
