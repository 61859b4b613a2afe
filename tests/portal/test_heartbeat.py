"""The heartbeat: one row, in the database's time, and honest about a sweep that fails."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from json import loads

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from portal import heartbeat
from portal.heartbeat import Heart
from portal.models import Heartbeat
from tests.handoffs.worker import nowhere
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 8, tzinfo=UTC)


def broken(at: datetime) -> None:
    raise ZeroDivisionError


def test_it_beats_at_once_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    heart = Heart(lambda at: None, lambda: 4)
    heart.tick(AT)
    row = Heartbeat.objects.get()
    assert (row.processes, row.swept_at is not None, row.version) == (4, True, heartbeat.version())
    Heartbeat.objects.update(beat_at=AT)
    heart.tick(AT)
    assert Heartbeat.objects.get().beat_at == AT, "not at every tick"
    monkeypatch.setattr(heart, "_next", 0.0)
    heart.tick(AT)
    assert Heartbeat.objects.get().beat_at > AT


def test_a_sweep_that_fails_shows_and_the_heart_goes_on() -> None:
    heart = Heart(broken, lambda: 4)
    with pytest.raises(ZeroDivisionError):
        heart.tick(AT)
    assert Heartbeat.objects.get().swept_at is None


def test_rows_do_not_pile_up() -> None:
    for pid in range(3):
        Heartbeat.objects.create(
            host="gone", pid=pid, started_at=AT, beat_at=Now() - timedelta(hours=2), processes=0, version="1"
        )
    for _ in range(2):  # started again with the number it had
        Heart(lambda at: None, lambda: 4).beat(True)
    assert Heartbeat.objects.count() == 1


def status(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        with nowhere():
            call_command("status", *words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_what_is_wrong_and_ends_with_1(world: World) -> None:
    code, text = status()
    assert code == 1
    assert "No worker is running" in text
    code, text = status("--json")
    assert (code, loads(text)["well"]) == (1, False)


def test_the_command_is_content(world: World) -> None:
    Heart(lambda at: None, lambda: 4).beat(True)
    code, text = status()
    assert (code, text.rstrip().rpartition("\n")[2]) == (0, "All is well.")
    assert loads(status("--json")[1])["failed_tasks"] == []
