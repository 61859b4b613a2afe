"""Words in a chart: broken into lines that fit, and conditions as people say them. Plain Python."""

from unicodedata import east_asian_width

from handoffs.flows.conditions import Both, Comparison, Condition, Literal
from handoffs.flows.plan import Plan

SAID = {"=": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}


def room(text: str) -> int:
    """How much room a text takes, in widths of a small letter; wide letters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def shortened(text: str, width: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if room(text) <= width:
        return text
    kept = ""
    for letter in text:
        if room(kept + letter) > width - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


def broken(text: str, width: int, lines: int) -> tuple[str, ...]:
    """The text in at most so many lines of that width; what does not fit ends in an ellipsis."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and room(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        if room(line) > width:  # one long word: what is left of it goes on in the next line
            kept = shortened(line, width + 1)[:-1]
            words.insert(0, line[len(kept) :])
            line = kept
        found.append(line)
    if words:
        found.append(shortened(" ".join(words), width))
    return tuple(found)


def brief(condition: Condition) -> str:
    """A condition where there is little room: the field and its value, without the step they come from."""
    if isinstance(condition, Both):
        return f" {condition.word} ".join(brief(part) for part in condition.parts)
    return f"{_named(condition.field)} {_compared(condition, condition.operator)}"


def told(condition: Condition, plan: Plan) -> str:
    """A condition as a sentence's end: “decision of Review is “Rejected””, with parentheses where they are needed."""
    if isinstance(condition, Both):
        parts = [told(part, plan) for part in condition.parts]
        nested = [
            f"({part})" if isinstance(whole, Both) else part for part, whole in zip(parts, condition.parts, strict=True)
        ]
        return f" {condition.word} ".join(nested)
    step = plan.by_key.get(condition.step)
    where = f" of {step.label}" if step else f" of {condition.step}"
    operator = SAID.get(condition.operator, condition.operator)
    return f"{_named(condition.field)}{where} {_compared(condition, operator)}"


def _compared(condition: Comparison, operator: str) -> str:
    return operator if condition.value is None else f"{operator} {_valued(condition.value)}"


def _named(key: str) -> str:
    return key.replace("_", " ")


def _valued(value: Literal) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else str(value)
