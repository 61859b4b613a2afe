"""What is known earlier, asked for later, and does not travel."""

from dataclasses import dataclass

from handoffs.flows.check.surely import Sight
from handoffs.flows.plan import Step


@dataclass(frozen=True)
class Dropped:
    """A context field of `step` that an earlier step brings (`source`, a path), which does not flow in."""

    step: str
    field: str
    label: str
    source: str


def dropped(sight: Sight, step: Step) -> list[Dropped]:
    """What is about to be dropped on the way to `step`: fields that it asks for, of the same key as something known.

    Of several sources the nearest is named.
    """
    found = []
    earlier = sight.plan.before(step.key)
    before = [key for key in sight.order if key in earlier]
    taken = {take.field for take in step.takes}
    for name, wanted in sight.template(step.key).context.items():
        if name in taken:
            continue
        for key in reversed(before):
            paths = [(key, side, name) for side in ("result", "context") if sight.field((key, side, name))]
            if any(step.takes_all and not sight.is_held_back(path, step, wanted) for path in paths):
                break  # it travels
            if paths:
                found.append(Dropped(step.key, name, wanted.label, ".".join(paths[0])))
                break
    return found
