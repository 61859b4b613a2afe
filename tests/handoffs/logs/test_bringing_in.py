"""A log becomes an organization of its own: whole cases, or nothing, whatever dies in between."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from handoffs import keeping, leftovers
from handoffs.actions import logs
from handoffs.actions.logs import bring_in, choose_columns, discard_log, upload_log
from handoffs.insight.figures.asked import Asked, Period
from handoffs.insight.figures.sums import by_lane
from handoffs.logs.columns import Columns
from handoffs.logs.models import LogStage
from handoffs.models import Event, EventLog, Handoff, LogRow
from handoffs.refusals import Invalid
from tenants.arrival import organization_at
from tenants.models import Member, Team
from tenants.refusals import Conflict, Forbidden
from tenants.scope import scope
from tests.handoffs.worker import queued, work_off
from tests.world import World

COLUMNS = Columns(0, 1, 2, 3, 4, zone="Europe/Berlin")
TABLE = """Ticket,Status,Changed,Who,Group
4711,Opened,2026-11-02 09:00,Ana,Sales
4711,Queued,2026-11-02 10:00,Ana,Onboarding
4711,Accepted,2026-11-02 12:00,Ben,Onboarding
4711,Completed,2026-11-02 13:00,Ben,Onboarding
4712,Opened,2026-11-03 09:00,Ana,Sales
4712,Queued,2026-11-03 09:30,Ana,Support
"""
BAD = "4713,Opened,soon,Ana,Sales\n4713,Queued,2026-11-03 09:30,Ana,Sales\n,Opened,2026-11-03 09:30,,\n"


def uploaded(world: World, text: str | bytes = TABLE, name: str = "tickets.csv") -> EventLog:
    content = text if isinstance(text, bytes) else text.encode()
    return upload_log(file=ContentFile(content), name=name, by=world.olga, at=world.now)


def read(world: World, text: str | bytes = TABLE) -> EventLog:
    """Uploaded, its columns chosen, and read by the worker."""
    log = choose_columns(uploaded(world, text), columns=COLUMNS, by=world.olga, at=world.now)
    assert set(work_off()) == {"read_log"}
    return again(log)


def again(log: EventLog) -> EventLog:
    return EventLog.objects.get(id=log.id)


def whole(world: World, log: EventLog, **given: Any) -> EventLog:
    """Brought in by the worker."""
    words: dict[str, Any] = {"name": "Tickets", "queued": ["Queued"], "done": ["Completed"]}
    bring_in(log, by=world.olga, at=world.now, **words | given)
    work_off()
    return again(log)


def handoffs(log: EventLog) -> dict[str, str]:
    """What the cases have become, by their titles."""
    assert log.into is not None
    with scope(log.into):
        return {handoff.title: str(handoff.state) for handoff in Handoff.objects.filter(organization_id=log.into)}


def test_what_was_understood_is_told_before_anything_comes_of_it(world: World) -> None:
    log = read(world, TABLE + BAD)
    assert (log.stage, log.bad) == (LogStage.READ, 2)
    assert {name: log.summary[name] for name in ("cases", "events", "people", "teams", "bad_cases")} == {
        "cases": 3,
        "events": 7,
        "people": 2,
        "teams": 3,
        "bad_cases": 2,
    }
    assert (log.summary["first"], log.summary["last"]) == ("2026-11-02T08:00:00+00:00", "2026-11-03T08:30:00+00:00")
    assert log.summary["activities"][0] == ["Queued", 3]
    problems = LogRow.objects.filter(log=log).exclude(problem="").order_by("line")
    assert [(row.line, row.case, row.problem) for row in problems] == [
        (8, "4713", "“soon” is no time as in “2026-11-24 18:30”."),
        (10, "", "Nothing stands under Case."),
    ]
    assert organization_at("tickets") is None


def test_every_case_becomes_a_handoff_with_its_own_times(world: World) -> None:
    log = whole(world, read(world))
    assert log.stage == LogStage.DONE
    assert handoffs(log) == {"Case 4711": "completed", "Case 4712": "started"}  # and offered on
    organization = organization_at("tickets")
    assert organization is not None
    assert organization.is_imported
    with scope(organization):
        olga = Member.objects.get(user=world.olga.user, organization=organization)
        assert olga.role == "owner"
        first = Event.objects.filter(handoff__title="Case 4711").earliest("seq")
        assert first.at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
        names = dict(Team.objects.filter(organization=organization).values_list("name", "id"))
        for _ in keeping.catch_up(organization.pk, world.now):
            pass
        lanes = by_lane(Asked(organization.pk, Period.of(world.now, "UTC", None)), world.now)
        taken = {(lane.from_team, lane.to_team): each.accepted for lane, each in lanes.items()}
        assert taken[names["Sales"], names["Onboarding"]] == 1
    assert not LogRow.objects.filter(log=log).exists()
    assert not log.file


def test_nobody_sees_it_before_it_is_whole(world: World) -> None:
    log = read(world)
    bring_in(log, by=world.olga, at=world.now, name="Tickets")
    assert logs.bring_in_more(log.organization_id, log.id, at=world.now, seconds=0, size=1)
    assert again(log).brought == 1
    organization = organization_at("tickets")
    assert organization is not None
    with scope(organization):
        assert not Member.objects.filter(user=world.olga.user, organization=organization).exists()
    work_off()
    assert again(log).stage == LogStage.DONE
    assert len(handoffs(again(log))) == 2


def test_a_case_with_a_bad_row_is_left_out_whole_and_only_when_told(world: World) -> None:
    log = read(world, TABLE + BAD)
    with pytest.raises(Conflict) as refused:
        bring_in(log, by=world.olga, at=world.now, name="Tickets")
    assert refused.value.code == "log_has_bad_rows"
    log = whole(world, log, leave_out=True)
    assert set(handoffs(log)) == {"Case 4711", "Case 4712"}
    assert (log.summary["cases"], log.summary["bad"]) == (2, 2)


def test_columns_can_be_chosen_anew(world: World) -> None:
    log = read(world)
    wrong = Columns(case=4, activity=1, time=2, zone="Europe/Berlin")
    choose_columns(log, columns=wrong, by=world.olga, at=world.now)
    work_off()
    assert again(log).summary["cases"] == 3
    choose_columns(again(log), columns=COLUMNS, by=world.olga, at=world.now)
    work_off()
    assert again(log).summary["cases"] == 2


def test_it_is_read_and_brought_in_by_parts_and_each_part_may_run_twice(world: World) -> None:
    log = choose_columns(uploaded(world), columns=COLUMNS, by=world.olga, at=world.now)
    while logs.read_more(log.organization_id, log.id, at=world.now, seconds=0, size=2):
        pass
    work_off()  # every part is queued once more by now
    log = again(log)
    assert LogRow.objects.filter(log=log).count() == log.summary["events"] == 6
    bring_in(log, by=world.olga, at=world.now, name="Tickets")
    # Killed after the batch was committed there, before it was noted here.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["handoffs.actions.logs.bring_in"], "_note", lambda *_: False)
        logs.bring_in_more(log.organization_id, log.id, at=world.now, size=1)
    work_off()
    log = again(log)
    assert (log.stage, log.brought, len(handoffs(log))) == (LogStage.DONE, 2, 2)
    assert not logs.bring_in_more(log.organization_id, log.id, at=world.now)


def test_what_the_queue_lost_is_found(world: World) -> None:
    log = choose_columns(uploaded(world), columns=COLUMNS, by=world.olga, at=world.now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_q_ormq")
    leftovers.pick_up(None, world.now)
    assert "read_log" not in [job for job, _ in queued()]
    leftovers.pick_up(None, world.later(minutes=3))
    assert ("read_log", (str(log.organization_id), log.id)) in queued()


def test_a_file_that_breaks_off_brings_nothing(world: World) -> None:
    xes = b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="A"/>'
    xes += b'<date key="time:timestamp" value="2026-11-02T08:00:00Z"/></event></trace><trace>'
    with pytest.raises(Invalid) as refused:
        uploaded(world, xes, "log.xes")
    assert refused.value.code == "log_unreadable"
    log = uploaded(world, TABLE + "4713,Opened,2026-11-03 09:00,,\n" * 20 + 'x,"' + "y" * 200_000)
    choose_columns(log, columns=COLUMNS, by=world.olga, at=world.now)
    work_off()
    log = again(log)
    assert log.stage == LogStage.FAILED
    assert "no table from line 28 on" in log.trouble
    with pytest.raises(Conflict):
        bring_in(log, by=world.olga, at=world.now, name="Tickets")


def test_an_event_log_is_read_at_once(world: World) -> None:
    xes = b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="Opened"/>'
    xes += b'<date key="time:timestamp" value="2026-11-02T08:00:00Z"/></event></trace></log>'
    log = uploaded(world, xes, "log.xes")
    work_off()  # its columns are known: it is read at once
    assert again(log).stage == LogStage.READ
    assert handoffs(whole(world, again(log), done=["Opened"])) == {"Case 1": "completed"}


def test_who_does_not_run_the_organization_does_nothing(world: World) -> None:
    log = uploaded(world)
    for somebody in (world.ben, world.vic, world.cleo, world.mo):
        with pytest.raises(Forbidden):
            upload_log(file=ContentFile(TABLE.encode()), name="x.csv", by=somebody, at=world.now)
        with pytest.raises(Forbidden):
            choose_columns(log, columns=COLUMNS, by=somebody, at=world.now)
        with pytest.raises(Forbidden):
            bring_in(log, name="x", by=somebody, at=world.now)
        with pytest.raises(Forbidden):
            discard_log(log, by=somebody, at=world.now)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (Columns(0, 0, 2), "same_column_twice"),
        (Columns(0, 1, 2, 1), "same_column_twice"),
        (Columns(0, 1, 2, zone="Mars/Olympus"), "unknown_zone"),
        (Columns(0, 1, 2, written="sundial"), "unknown_way"),
    ],
)
def test_columns_that_cannot_be(columns: Columns, code: str, world: World) -> None:
    with pytest.raises(Invalid) as refused:
        choose_columns(uploaded(world), columns=columns, by=world.olga, at=world.now)
    assert refused.value.code == code


def test_discarding_takes_the_file_and_the_rows(world: World, django_capture_on_commit_callbacks: Any) -> None:
    log = read(world)
    path = Path(log.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        discard_log(log, by=world.olga, at=world.now)
    assert not path.exists()
    assert not EventLog.objects.exists()
    assert not LogRow.objects.exists()


def test_a_name_that_is_taken_gets_another_address(world: World) -> None:
    first = whole(world, read(world), name="Fjord")
    assert first.into_slug == "fjord-2"


def test_nothing_is_sent_and_no_alarm_is_armed(world: World, mailoutbox: list[Any]) -> None:
    whole(world, read(world))
    assert not mailoutbox
    assert not Handoff.objects.filter(organization=world.organization).exists()
