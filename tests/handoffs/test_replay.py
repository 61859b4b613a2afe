"""A log replayed through the real actions comes to what a count by other code says, and holds every invariant."""

import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django_q.models import OrmQ

from handoffs.ledger.verify import faults
from handoffs.models import Alarm, Clock, Custody, Event, Handoff, Notice
from portal.environment import ROOT
from tenants.arrival import organization_at
from tenants.models import Member, Organization, Team
from tenants.scope import everyone, scope
from tests.handoffs.insight.log_oracle import count

LOGS = Path(os.environ.get("EVENT_LOGS", ROOT.parent / "shared" / "data"))

# Each case and what it must come to, reckoned by hand from the reading rules.
# An event is "name resource group", one minute after the one before; "=" is at the same time, "<" an hour earlier.
CASES: dict[str, tuple[list[str], dict[str, int]]] = {
    "taken by the first who appears": (
        ["Accepted ana desk", "Accepted ana desk", "Completed ana desk"],
        {"offers": 1, "accepted": 1, "completed": 1},
    ),
    "queued, sent to another queue, taken there": (
        ["Queued ana desk", "Queued ana desk", "Queued ana back", "Accepted bo back"],
        {"offers": 2, "superseded": 1, "accepted": 1},
    ),
    "queued and never taken": (["Queued ana desk"], {"offers": 1, "open": 1}),
    "taken by somebody of another team than it was queued for": (
        ["Queued ana desk", "Accepted bo back"],
        {"offers": 2, "superseded": 1, "accepted": 1},
    ),
    "handed over without a queue": (
        ["Accepted ana desk", "Accepted bo back", "Accepted ana desk", "Completed ana desk"],
        {"offers": 3, "accepted": 3, "completed": 1},
    ),
    "queued by the holder, who takes it back": (
        ["Accepted ana desk", "Queued ana back", "Accepted ana back"],
        {"offers": 2, "accepted": 1, "withdrawn": 1},
    ),
    "queued by the holder, who takes it back in a third team": (
        ["Accepted ana desk", "Queued ana back", "Accepted ana third"],
        {"offers": 3, "accepted": 1, "superseded": 1, "withdrawn": 1},
    ),
    "queued to a team in which nobody else is known yet": (
        ["Accepted cy desk", "Queued cy alone"],
        {"offers": 2, "accepted": 1, "open": 1},
    ),
    "completed at once, and told again": (
        ["Completed ana desk", "Completed bo back"],
        {"offers": 1, "accepted": 1, "completed": 1},
    ),
    "completed out of an open queue by the holder": (
        ["Accepted ana desk", "Queued ana back", "Completed ana back"],
        {"offers": 2, "accepted": 1, "withdrawn": 1, "completed": 1},
    ),
    "reopened by the one who completed it": (
        ["Completed ana desk", "Accepted ana back"],
        {"offers": 2, "accepted": 2, "reopened": 1},
    ),
    "reopened by somebody else, into a queue": (
        ["Completed ana desk", "Queued bo back"],
        {"offers": 4, "accepted": 2, "superseded": 1, "reopened": 1, "open": 1},
    ),
    "reopened by somebody else and completed again": (
        ["Completed ana desk", "Accepted bo back", "Completed bo back"],
        {"offers": 3, "accepted": 2, "superseded": 1, "reopened": 1, "completed": 1},
    ),
    "without a resource, without a group": (
        ["Accepted - -", "Queued - -", "Accepted ana -", "Completed - desk"],
        {"offers": 3, "accepted": 3, "completed": 1},
    ),
    "at the same time in the order of the file": (
        ["Accepted ana desk", "=Queued ana back", "=Accepted bo back"],
        {"offers": 2, "accepted": 2},
    ),
    "told in the wrong order": (
        ["Completed bo back", "<Accepted ana desk"],
        {"offers": 2, "accepted": 2, "completed": 1},
    ),
    "with <names> & “signs” that need care": (
        ["Accepted O'Neil&<Sons> desk&co", "Completed O'Neil&<Sons> desk&co"],
        {"offers": 1, "accepted": 1, "completed": 1},
    ),
    "in which nothing happened": ([], {}),
}


def xes(cases: dict[str, list[str]]) -> str:
    """A log of these cases."""
    traces = "".join(
        f"<trace>{text('concept:name', name)}{text('impact', 'Medium')}{''.join(events_of(told))}</trace>\n"
        for name, told in cases.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n{traces}</log>\n'


def events_of(told: list[str]) -> Iterator[str]:
    minute = 0
    for one in told:
        minute += {"=": 0, "<": -60}.get(one[0], 1)
        name, resource, group = one.lstrip("=<").split()
        facts = [text("concept:name", name), text("lifecycle:transition", "complete")]
        facts += [text("org:resource", resource)] if resource != "-" else []
        facts += [text("org:group", group)] if group != "-" else []
        at = f"2012-05-11T{10 + minute // 60:02}:{minute % 60:02}:00+02:00"
        yield f'<event>{"".join(facts)}<date key="time:timestamp" value="{at}"/></event>'


def text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'


def replayed(file: Path, slug: str = "harbour", **options: Any) -> dict[str, int]:
    out = StringIO()
    call_command("replay_log", str(file), organization=slug, stdout=out, **options)
    told: dict[str, int] = json.loads(out.getvalue().splitlines()[-1])
    assert told.pop("seconds") >= 0
    return told


@pytest.fixture
def log(tmp_path: Path, db: None) -> Path:
    file = tmp_path / "by-hand.xes"
    file.write_text(xes({name: told for name, (told, _) in CASES.items()}))
    return file


@pytest.fixture
def harbour(log: Path) -> Iterator[Organization]:
    replayed(log)
    organization = organization_at("harbour")
    assert organization is not None
    with scope(organization):
        yield organization


def real_log(name: str) -> Path:
    file = LOGS / name
    if not file.exists():
        pytest.skip(f"The event log {name} is not here; EVENT_LOGS names the directory where it lies.")
    return file


@pytest.mark.parametrize("case", CASES)
def test_each_reading_rule_comes_to_what_was_reckoned_by_hand(case: str, tmp_path: Path, db: None) -> None:
    told, figures = CASES[case]
    file = tmp_path / "one.xes"
    file.write_text(xes({case: told}))
    reckoned = dict.fromkeys(count(str(file)), 0) | {"cases": 1, "events": len(told), **figures}
    reckoned["custody_transfers"] = reckoned["accepted"]
    assert count(str(file)) == reckoned, "the two counts agree on what the rules mean"
    assert replayed(file) == reckoned


def test_the_whole_log_by_hand_agrees_with_the_count(log: Path) -> None:
    assert replayed(log) == count(str(log))
    assert replayed(log, slug="part", cases=7) == count(str(log), 7)


def test_actions_happened_at_the_times_of_the_log_by_the_people_of_the_log(harbour: Organization) -> None:
    handoff = Handoff.objects.get(title="Case queued, sent to another queue, taken there")
    assert (handoff.sender.name, handoff.custodian and handoff.custodian.name) == ("Intake", "bo")
    assert (handoff.summary, handoff.imported) == ("impact: Medium", True)
    told = [
        (event.verb, event.by.name, f"{event.at:%H:%M}", event.facts.get("receiver"))
        for event in Event.objects.of(handoff.id).select_related("by")
    ]
    assert told == [
        ("draft", "Intake", "08:01", None),
        ("offer", "Intake", "08:01", "desk"),
        ("redirect", "Intake", "08:03", "back"),
        ("accept", "bo", "08:04", "back"),
    ]


def test_references_follow_the_order_of_the_log(harbour: Organization) -> None:
    titles = list(Handoff.objects.order_by("number").values_list("title", flat=True))
    assert titles == [f"Case {name}" for name, (told, _) in CASES.items() if told]


def test_everybody_of_the_log_has_their_place_and_nobody_can_sign_in(harbour: Organization) -> None:
    people = Member.objects.people().exclude(role=Member.Role.OWNER)
    assert {member.name for member in people} == {"ana", "bo", "cy", "-", "O'Neil&<Sons>"}
    assert {team.name for team in Team.objects.all()} >= {"desk", "back", "third", "alone", "everyone", "desk&co"}
    assert not [member for member in people if member.user is None or member.user.has_usable_password()]
    assert {member.user.email.partition("@")[2] for member in people if member.user} == {"imported.invalid"}
    ana = people.get(name="ana")
    assert {team.name for team in Team.objects.filter(memberships__member=ana)} == {"desk", "back", "third", "everyone"}
    # What the replay knew in memory is what anybody reads afterwards.
    assert ana.user is not None
    assert {group.team.name for group in ana.user.groups.all()} == {"desk", "back", "third", "everyone"}
    assert Handoff.objects.reachable_by(ana).count() == Handoff.objects.count()


def test_nothing_is_sent_and_no_alarm_is_armed(harbour: Organization) -> None:
    assert Clock.objects.exists()
    assert not Clock.objects.exclude(next_alarm_at=None).exists()
    assert not Alarm.objects.exists()
    assert not Notice.objects.exists()
    assert not OrmQ.objects.exists()
    assert mail.outbox == []


# A live handoff has one open custody row, held by its custodian; rows follow each other; only a reopening leaves a gap.
BROKEN_CUSTODY = """
SELECT handoff.id FROM handoffs_handoff AS handoff
 WHERE handoff.organization_id = %(organization)s AND (
       (SELECT count(*) FROM handoffs_custody AS c WHERE c.handoff_id = handoff.id AND c.ended_at IS NULL)
           <> (handoff.state NOT IN ('completed', 'cancelled'))::int
    OR EXISTS (SELECT FROM handoffs_custody AS c
                WHERE c.handoff_id = handoff.id AND c.ended_at IS NULL AND c.holder_id <> handoff.custodian_id)
    OR EXISTS (SELECT FROM handoffs_custody AS c
                 LEFT JOIN handoffs_custody AS former
                        ON former.handoff_id = c.handoff_id AND former.seq = c.seq - 1
                WHERE c.handoff_id = handoff.id AND c.seq > 1 AND NOT coalesce(
                      CASE WHEN c.verb = 'reopen' THEN former.closed AND former.ended_at <= c.started_at
                           ELSE NOT former.closed AND former.ended_at = c.started_at END, false))
    OR (SELECT count(*) FROM handoffs_offer AS o WHERE o.handoff_id = handoff.id AND o.state = 'open')
           <> (handoff.open_offer_id IS NOT NULL)::int)
"""


def must_hold(organization: Organization) -> None:
    """The custody invariant, asked of the tables themselves, and the ledger."""
    with scope(organization), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(BROKEN_CUSTODY, {"organization": organization.id})
        assert cursor.fetchall() == []
        assert list(faults(organization.id)) == []


def test_custody_and_ledger_hold_afterwards(harbour: Organization) -> None:
    must_hold(harbour)


def test_the_question_about_custody_would_find_what_is_wrong(harbour: Organization) -> None:
    last = Custody.objects.filter(handoff__state="completed", closed=True).first()
    assert last is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        Custody.objects.filter(id=last.id).update(closed=False, ended_at=None)
        cursor.execute(BROKEN_CUSTODY, {"organization": harbour.id})
        assert cursor.fetchall() == [(last.handoff_id,)]
        Custody.objects.filter(id=last.id).update(closed=True, ended_at=last.ended_at)


def test_a_second_log_meets_who_is_there_already(harbour: Organization, log: Path) -> None:
    people, teams = Member.objects.count(), Team.objects.count()
    assert replayed(log) == count(str(log))
    assert (Member.objects.count(), Team.objects.count()) == (people, teams)
    must_hold(harbour)


def test_two_organizations_share_nobody(harbour: Organization, log: Path) -> None:
    replayed(log, slug="pier")
    with everyone():
        logins = list(Member.objects.people().filter(name="ana").values_list("user", flat=True))
    assert len(logins) == len(set(logins)) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "well-formed"),
        ("<log><trace>", "well-formed"),
        ("<html></html>", "begins with <log>"),
        ("<log><trace><event></event></trace></log>", "no concept:name"),
    ],
)
def test_a_bad_log_is_told_and_leaves_nothing(content: str, sentence: str, tmp_path: Path, db: None) -> None:
    file = tmp_path / "bad.xes"
    good = xes({"good": ["Accepted ana desk"]}).replace("</log>", "").partition("<log")[2].partition(">")[2]
    file.write_text(content.replace("<log>", f"<log>{good}"))
    with pytest.raises(CommandError, match=sentence):
        replayed(file)
    assert organization_at("harbour") is None


def test_a_file_that_is_not_there_is_told(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.xes cannot be read: No such file"):
        replayed(tmp_path / "nowhere.xes")


@pytest.mark.timeout(900)
def test_a_hundred_real_cases_agree_with_the_count(db: None) -> None:
    file = real_log("bpic2013_incidents.xes.gz")
    assert replayed(file, cases=100) == count(str(file), 100)
    organization = organization_at("harbour")
    assert organization is not None
    must_hold(organization)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_whole_smaller_log_agrees_with_the_count(db: None) -> None:
    file = real_log("receipt.xes.gz")
    assert replayed(file) == count(str(file))
    organization = organization_at("harbour")
    assert organization is not None
    must_hold(organization)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_whole_larger_log_agrees_with_the_count(django_db_setup: None, django_db_blocker: Any) -> None:
    """Over several processes, which commit: it stays in the test database, in an organization of its own.

    Run it with a test that uses `db`, such as the one above: pytest-django makes no database for this one alone.
    """
    file = real_log("bpic2013_incidents.xes.gz")
    with django_db_blocker.unblock():
        assert organization_at("whole") is None, "a kept test database has it already: use --create-db"
        assert replayed(file, slug="whole", processes=2) == count(str(file))
        organization = organization_at("whole")
        assert organization is not None
        must_hold(organization)
        connection.close()
