"""What the latest proof of a ladder says, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from handoffs.models import Ladder, Proof

SOUND = "Ends at a person at every hour of the next 30 days"
WAITS = "Not proved yet: the worker comes by within the hour."
NO_LANE = "No team may receive anywhere yet, so there was nothing to prove."


def verdict(ladder: Ladder) -> str:
    """In one line: that it holds, or how many gaps there are and the first of them."""
    proof = latest(ladder)
    if proof is None:
        return WAITS if is_proved(ladder) else "Not proved: a later revision counts."
    if not proof.lanes:
        return NO_LANE
    if not proof.faults:
        return f"{SOUND}{_counted(', with {}', proof.remarks, 'remark')}."
    return f"{_counted('{}', proof.faults, 'gap')}: {_sentences(proof, 'fault')[0]}"


def proved(ladder: Ladder) -> str | SafeString:
    """All of it, with when it was proved."""
    proof = latest(ladder)
    if proof is None:
        return verdict(ladder)
    faults, remarks = _sentences(proof, "fault"), _sentences(proof, "remark")
    head = _counted("{}", proof.faults, "gap") + "." if proof.faults else verdict(ladder)
    when = f"Proved {timezone.localtime(proof.proved_at):%-d %B %Y %H:%M}, for the 30 days from then on."
    return format_html(
        "<p>{}</p>{}{}<p>{}</p>",
        head,
        _list("", faults, proof.faults),
        _list("Remarks", remarks, proof.remarks),
        when,
    )


def latest(ladder: Ladder) -> Proof | None:
    """Of a ladder whose proofs were read with it."""
    return next(iter(ladder.proofs.all()), None)


def is_proved(ladder: Any) -> bool:
    """Whether the worker proves it: a revision that others have replaced is no longer looked after."""
    return bool(getattr(ladder, "is_newest", True) or ladder.is_standard)


def _sentences(proof: Proof, kind: str) -> list[str]:
    return [str(found["sentence"]) for found in proof.findings if found["kind"] == kind]


def _list(title: str, sentences: Sequence[str], count: int) -> SafeString:
    if not count:
        return SafeString("")
    shown: list[tuple[str]] = [(sentence,) for sentence in sentences]
    if count > len(sentences):
        shown.append((f"And {count - len(sentences)} more.",))
    items = format_html_join("", "<li>{}</li>", shown)
    heading = format_html("<p>{}</p>", f"{title}:") if title else ""
    return format_html('{}<ul class="findings">{}</ul>', heading, items)


def _counted(frame: str, count: int, noun: str) -> str:
    """Nothing for none."""
    return frame.format(f"{count} {noun}{'s' if count > 1 else ''}") if count else ""
