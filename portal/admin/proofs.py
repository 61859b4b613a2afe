"""What the latest proof of a ladder says, in words, and the page that makes another."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from handoffs.actions.templates import prove_ladder
from handoffs.models import Ladder, Proof
from portal.admin.acting import act
from portal.admin.base import Section
from portal.admin.gate import member_of

SOUND = "Ends at a person at every hour of the next 30 days"
OLDER = "Not proved: only the newest revision is, and those that templates in use name."
WAITS = "Not proved yet: the worker comes by within the hour."
NO_LANE = "No team may receive anywhere yet, so there was nothing to prove."
PROVING = (
    "Walks the ladder through every hour of the next 30 days in which an alarm could fire, with calendars, absences "
    "and people whom mail does not reach, and lists the hours in which a rung would reach nobody. What is found takes "
    "the place of the former proof."
)
LATE = timedelta(days=2)


def prove_page(section: Section, request: HttpRequest, ladder: Ladder) -> HttpResponse:
    """Asks once more, and proves it."""
    by = member_of(request)
    return act(
        section,
        request,
        title=f"Prove {ladder}",
        button="Prove now",
        intro=PROVING,
        call=lambda words: prove_ladder(ladder=ladder, by=by, at=timezone.now()),
        done=lambda proof: f"{ladder} was proved: {_counted('{}', proof.faults, 'gap') or 'no gaps'}.",
        back=reverse("admin:handoffs_ladder_change", args=[ladder.pk]),
    )


def verdict(ladder: Ladder) -> str:
    """In one line: that it holds, or how many gaps there are and the first of them."""
    proof = latest(ladder)
    if proof is None:
        return WAITS if is_proved(ladder) else OLDER
    if _is_late(proof):
        return f"Not proved since {_day(proof)}."
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
    gaps = f"{_counted('{}', proof.faults, 'gap')}." if proof.faults and not _is_late(proof) else ""
    when = f"Proved {_day(proof)}, for the 30 days from then on. Times in it are those of the organization."
    return format_html(
        "<p>{}</p>{}{}<p>{}</p>",
        gaps or verdict(ladder),
        _list("", faults, proof.faults),
        _list("Remarks", remarks, proof.remarks),
        when,
    )


def _is_late(proof: Proof) -> bool:
    """A worker that stands still must not look like a ladder that holds."""
    return proof.proved_at < timezone.now() - LATE


def _day(proof: Proof) -> str:
    return f"{timezone.localtime(proof.proved_at):%-d %B %Y %H:%M}"


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
