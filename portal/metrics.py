"""Figures for Prometheus, as text. All come from the database, so it does not matter which web process is asked."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import DatabaseError, connection

from portal import status
from tenants.scope import everyone

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Samples = Iterable[tuple[Mapping[str, str], float]]

# What was ever written, told by the sequences of the tables: they only grow, and reading them costs nothing.
COUNTERS = {
    "transitions": ("handoffs_event", "Events written to the ledger."),
    "alarms": ("handoffs_alarm", "Alarms fired."),
    "deliveries": ("handoffs_delivery", "Events whose people were told."),
    "notices": ("handoffs_notice", "Notices written for people."),
    "messages": ("handoffs_message", "Messages made for channels outside of the portal."),
}
_RECENT = "SELECT verb, count(*) FROM handoffs_event WHERE recorded_at > now() - interval '5 minutes' GROUP BY verb"
_UNSENT = """
SELECT channel, CASE WHEN attempts = 0 THEN 'waiting' WHEN attempts < 11 THEN 'failing' ELSE 'given_up' END, count(*)
  FROM handoffs_message WHERE sent_at IS NULL GROUP BY 1, 2
"""


def page() -> str:
    """The whole page. With a database that does not answer it says just that."""
    try:
        return "\n".join([*_family("up", "Whether the database answers.", [({}, 1)]), *_of_status(), *_of_work(), ""])
    except DatabaseError:
        return "\n".join([*_family("up", "Whether the database answers.", [({}, 0)]), ""])


def _of_status() -> Iterator[str]:
    found = status.look()
    yield from _family("well", "Whether nothing is to be complained of.", [({}, found.is_well)])
    beats = [({"host": worker.host, "pid": str(worker.pid)}, worker.beat_seconds) for worker in found.workers]
    yield from _family("worker_beat_age_seconds", "Since each worker was heard of.", beats)
    alive = sum(worker.is_alive for worker in found.workers)
    yield from _family("workers_alive", "Workers heard of lately.", [({}, alive)])
    ages = [({"what": r.name}, r.seconds) for r in found.readings if r.seconds is not None]
    yield from _family("oldest_age_seconds", "How long the oldest of each kind has waited.", ages)
    counts = [({"what": r.name}, float(r.count)) for r in found.readings if r.count is not None]
    yield from _family("waiting", "How many of each kind there are.", counts)


def _of_work() -> Iterator[str]:
    with everyone(), connection.cursor() as cursor:
        for name, (table, words) in COUNTERS.items():
            cursor.execute(f"SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id')), 0)")
            yield from _family(f"{name}_total", words, [({}, cursor.fetchone()[0])], kind="counter")
        cursor.execute(_RECENT)
        recent = [({"verb": verb}, count) for verb, count in cursor.fetchall()]
        yield from _family("transitions_recent", "Events of the last five minutes by verb.", recent)
        cursor.execute(_UNSENT)
        unsent = [({"channel": channel, "outcome": outcome}, count) for channel, outcome, count in cursor.fetchall()]
        yield from _family("messages_unsent", "Messages that were not sent, by channel and outcome.", unsent)


def _family(name: str, words: str, samples: Samples, kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP handrail_{name} {words}"
    yield f"# TYPE handrail_{name} {kind}"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"handrail_{name}{'{' + told + '}' if told else ''} {float(value)!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
