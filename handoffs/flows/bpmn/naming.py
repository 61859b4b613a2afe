"""What elements are called here: keys made of ids, labels made of names."""

import re
from collections.abc import Sequence

from handoffs.flows.bpmn.xml import Node


def keys_of(ids: Sequence[str]) -> dict[str, str]:
    """A key for each id: itself if it can be one, else what is left of it, with a number where that is taken."""
    found: dict[str, str] = {id: id for id in ids if re.fullmatch("[a-z][a-z0-9_-]{0,39}", id)}
    taken = set(found)
    for id in ids:
        if id not in found:
            stem = re.sub("[^a-z0-9_-]+", "_", id.lower()).strip("_-")[:34] or "step"
            stem = stem if stem[0].isalpha() else f"s_{stem}"
            names = (stem, *(f"{stem}_{number}" for number in range(2, len(ids) + 3)))
            found[id] = next(name for name in names if name not in taken)
            taken.add(found[id])
    return found


def label_of(node: Node, key: str) -> str:
    """Its name in one line, else something like its key."""
    return (" ".join(node.get("name").split()) or key.replace("_", " ").capitalize())[:120]


def documented(node: Node) -> str:
    """What its documentation says."""
    return "\n\n".join(child.text.strip() for child in node.all("documentation") if child.text.strip())
