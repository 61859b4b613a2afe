"""What is timed: pages and API through the whole stack in one process, actions and sweeps in their own transaction."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs import actions, jobs
from handoffs.escalation import sweep
from handoffs.models import Handoff
from handoffs.schedule import Rota
from tenants.models import Member
from tenants.scope import everyone, scope
from tests.benchmarks import kept
from tests.benchmarks.due import due_to_notice
from tests.benchmarks.measure import Measured, Times, each
from tests.benchmarks.overdue import check_raised, make_due
from tests.benchmarks.plain_sql import PlainSql
from tests.benchmarks.seed import Place
from tests.benchmarks.successors import Successors

DUE = 10_000
NUMBER = 1  # of the largest organization
GOAL_MS = 5_000  # from due to notice, at the 99th percentile: there is no SQL by hand to compare with


class Bench:
    """One size of the database, seen by one member of the largest organization."""

    def __init__(self, superuser: psycopg.Connection, plain: psycopg.Connection, place: Place) -> None:
        self.superuser, self.place = superuser, place
        self.sql = PlainSql(plain, place)
        self.client = Client()
        with scope(place.organization_id):
            self.member = Member.objects.select_related("user", "organization").get(pk=place.member_id)
        assert self.member.user
        self.client.force_login(self.member.user, "django.contrib.auth.backends.ModelBackend")

    def all(self, calls: int, only: Collection[str] = (), running: int = 1_000) -> Iterator[Measured]:
        """Every case, or those named, `calls` times; `running` is how many cases of flows run."""
        cases: dict[str, Callable[[], Measured]] = {
            "inbox_page": lambda: self._page("inbox_page", "", self.sql.inbox, calls),
            "inbox_api": lambda: self._page("inbox_api", "api/v1/handoffs/?box=waiting", self.sql.inbox_api, calls),
            "handoff_page": lambda: self._handoff_page(calls),
            "accept": lambda: self._accept(calls),
            "complete_three_successors": lambda: self._successors(calls, running),
            "fire_10000": self._fire,
            "sweep_10000": self._sweep,
            "sweep_idle": lambda: self._idle(calls),
            "due_to_notice": self._due_to_notice,
            "insight_overview": lambda: self._insight("insight_overview", 1, 1, 60, calls),
            "insight_million": lambda: self._insight("insight_million", 2, 5, 150, calls),
            "lane_percentiles": lambda: kept.lane_percentiles(self.place.organization_id, NUMBER * 100 + 1, calls),
        }
        yield from (measure() for name, measure in cases.items() if not only or name in only)

    def _page(self, name: str, path: str, by_hand: Callable[[], None], calls: int) -> Measured:
        address = f"/o/{self.place.slug}/{path}"

        def ours(_: Any) -> None:
            response = self.client.get(address)
            assert response.status_code == 200, (address, response.status_code)
            assert response.content

        times, plain = each(ours, range(calls)), each(lambda _: by_hand(), range(calls))
        return Measured(name, times, plain, _statements(lambda: ours(0)))

    def _insight(self, name: str, first: int, last: int, goal: float, calls: int) -> Measured:
        """The overview once so many more legs of each handoff are kept; beside it the goal, in milliseconds."""
        kept.legs(self.superuser, self.place.organization_id, NUMBER, first, last)

        def ours(_: Any) -> None:
            response = self.client.get(f"/o/{self.place.slug}/insight/")
            assert response.status_code == 200, response.status_code

        return Measured(name, each(ours, range(calls)), Times((goal,)), _statements(lambda: ours(0)))

    def _handoff_page(self, calls: int) -> Measured:
        numbers = self._open(calls)

        def ours(number: int) -> None:
            response = self.client.get(f"/o/{self.place.slug}/handoffs/HO-{number}/")
            assert response.status_code == 200, response.status_code

        return Measured(
            "handoff_page",
            each(ours, numbers),
            each(self.sql.handoff, numbers),
            _statements(lambda: ours(numbers[0])),
        )

    def _accept(self, calls: int) -> Measured:
        ids = self._open(2 * calls + 2)

        def ours(id: int) -> None:
            with scope(self.place.organization_id):
                actions.accept(Handoff(pk=id), by=self.member, at=timezone.now())

        ours(ids.pop())  # who somebody is is read once per request, what a ladder says once per process
        statements = _statements(lambda: ours(ids[0]))
        # BEGIN, COMMIT and the entry into the scope belong to the request, not to the verb.
        return Measured("accept", each(ours, ids[1::2]), each(self.sql.accept, ids[2::2]), statements - 3)

    def _successors(self, calls: int, running: int) -> Measured:
        return Successors(self.superuser, self.sql.connection, self.place, running).measured(calls)

    def _fire(self) -> Measured:
        """The sweep's own statement, by which alarms are chosen and kept from firing twice; nobody is told yet."""

        def ours(_: Any) -> None:
            with everyone():
                assert len(sweep.fire(timezone.now(), DUE)) == DUE

        def rounds() -> Iterator[int]:
            for number in range(4):
                make_due(self.superuser, DUE)
                yield number

        times, plain = each(ours, rounds(), warm=1), each(lambda _: self.sql.fire(), rounds(), warm=1)
        return Measured("fire_10000", times, plain, 1)

    def _sweep(self) -> Measured:
        """Fired, written to the ledger, and shown to people: the whole tick, until nothing is due."""

        def ours(_: Any) -> None:
            jobs.tick(timezone.now(), Rota(table=()))

        def rounds(check: Callable[[], None]) -> Iterator[int]:
            for number in range(4):
                make_due(self.superuser, DUE)
                yield number
                check()

        times = each(ours, rounds(lambda: check_raised(self.superuser, DUE)), warm=1)
        plain = each(lambda _: self.sql.sweep(), rounds(lambda: None), warm=1)
        return Measured("sweep_10000", times, plain, len(range(0, DUE, jobs.BATCH)))

    def _idle(self, calls: int) -> Measured:
        past = timezone.now() - timedelta(days=400)

        def ours(_: Any) -> None:
            with everyone():
                assert sweep.fire(past, DUE) == []

        return Measured("sweep_idle", each(ours, range(calls)), each(lambda _: self.sql.sweep(), range(calls)), 1)

    def _due_to_notice(self) -> Measured:
        times = due_to_notice(self.superuser, self.place.organization_id)
        return Measured("due_to_notice", times, Times((GOAL_MS,)), 0)

    def _open(self, count: int) -> list[int]:
        """Ids, which are numbers too, of offered handoffs of the place, from all over its history."""
        rows = self.superuser.execute(
            "SELECT id FROM handoffs_handoff WHERE organization_id = %s AND state = 'offered' AND case_id IS NULL "
            "ORDER BY md5(id::text) LIMIT %s",
            [self.place.organization_id, count],
        ).fetchall()
        assert len(rows) == count, f"only {len(rows)} offered handoffs"
        return [row[0] for row in rows]


def _statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
