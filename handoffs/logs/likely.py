"""What activities of a log probably mean, by the words in their names. Plain Python."""

from collections.abc import Iterable

DONE = ("completed", "closed", "resolved", "done", "finished", "delivered", "archived")
QUEUED = ("queued", "queue", "waiting", "awaiting", "assigned", "unassigned")


def likely_done(activities: Iterable[str]) -> list[str]:
    """Those that say a case is over."""
    return [name for name in activities if _says(name, DONE)]


def likely_queued(activities: Iterable[str]) -> list[str]:
    """Those that say it waits for somebody of the team."""
    return [name for name in activities if _says(name, QUEUED)]


def _says(name: str, words: Iterable[str]) -> bool:
    last = name.lower().replace("/", " ").replace("-", " ").split()
    return any(word in last for word in words)
