"""What a step waits for and what an arrow says, in words."""

from handoffs.flows.drawing.lettering import brief, told
from handoffs.flows.plan import Link, Plan, Step, WaitsFor


def waits_for(step: Step, plan: Plan) -> str:
    """What a step waits for, in words."""
    onward = [link for link in step.after if not link.is_loop]
    if not onward:
        return "when the case begins"
    joined = " or " if step.waits_for is WaitsFor.ANY else " and "
    again = [f"again after {_source(link, plan)}{_when(link, plan)}" for link in step.after if link.is_loop]
    first = "after " + joined.join(f"{_source(link, plan)}{_when(link, plan)}" for link in onward)
    return "; ".join([first, *again])


def _source(link: Link, plan: Plan) -> str:
    step = plan.by_key.get(link.step)
    return step.label if step else f"“{link.step}”"


def _when(link: Link, plan: Plan) -> str:
    words = _words(link, plan)
    return f" ({words})" if words else ""


def _words(link: Link, plan: Plan) -> str:
    parts = [f"if {told(link.when, plan)}"] if link.when else ["otherwise"] if link.otherwise else []
    if link.again_at_most is not None:
        parts.append(times(link.again_at_most))
    return ", ".join(parts)


def times(count: int) -> str:
    """How often a loop may be taken."""
    return "once at most" if count == 1 else f"{count} times at most"


def label(link: Link) -> str:
    """The words on an arrow, where there is little room."""
    return brief(link.when) if link.when else "otherwise" if link.otherwise else ""
