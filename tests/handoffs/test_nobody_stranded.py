"""Whatever people do, leave, lose or are away from: once the worker is through, whoever answers for something can act.

What "can act" means is asked here of each member, by the product's own parties; the queries under test ask the tables.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from handoffs import actions, relief
from handoffs.custody.stranded import stranded, unanswerable
from handoffs.ledger.verify import faults
from handoffs.lifecycle import Party
from handoffs.models import Handoff, Offer
from handoffs.parties import parties
from tenants.access import may_work
from tenants.actions import (
    add_absence,
    add_to_team,
    cancel_absence,
    change_lead,
    change_role,
    grant,
    leave,
    remove_from_team,
    revoke,
)
from tenants.models import Absence, Member, User
from tenants.refusals import Refusal
from tests.world import CLIENTS, INTERNAL, WORK, World

# Olga owns the firm and stays: somebody has to be there at all.
PEOPLE = (*INTERNAL, *CLIENTS, "vic")
ACTING = ("ana", "max", "ben", "bo", "lea", "sam", "sue", "cleo", "carl")
TEAMS = ("Sales", "Onboarding", "Support", "Northwind")
SPACES = ("projects", "northwind")
people, acting, teams, spaces = (st.sampled_from(names) for names in (PEOPLE, ACTING, TEAMS, SPACES))
anybody, numbers = st.one_of(st.just(""), acting), st.integers(0, 9)
answers, asks = st.sampled_from(["accept", "accept", "accept", "return", "take"]), st.sampled_from(["pass", "re"])


def machine(world: World) -> type[RuleBasedStateMachine]:
    """Anybody does anything to some handoffs while people come and go; each run is taken back at its end."""

    class Comings(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint, self.began = transaction.savepoint(), world.now
            with _trying():
                self._anew("ana", "projects", "Onboarding", "ben")
                self._anew("ben", "projects", "Sales", "")

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)
            world.now = self.began

        # What people are, and whether they are here

        @rule(who=people, substitute=st.one_of(st.none(), people), days=st.integers(1, 4), after=st.integers(0, 2))
        def an_absence(self, who: str, substitute: str | None, days: int, after: int) -> None:
            start = world.now + timedelta(days=after)
            stands_in = member(substitute) if substitute else None
            self._do(
                add_absence,
                member=member(who),
                starts_at=start,
                ends_at=start + timedelta(days=days),
                substitute=stands_in,
                by=member("olga"),
            )

        @rule(pick=numbers)
        def back_early(self, pick: int) -> None:
            found = list(Absence.objects.to_come(world.now).select_related("member"))
            if found:
                self._do(cancel_absence, absence=found[pick % len(found)], by=member("olga"))

        @rule(pick=numbers, substitute=acting, asked=st.booleans())
        def somebody_who_has_work_is_away(self, pick: int, substitute: str, asked: bool) -> None:
            handoff = self._some(pick)
            offer = handoff.open_offer
            who = offer.to_member if asked and offer is not None and offer.to_member else handoff.custodian
            days = {"starts_at": world.now, "ends_at": world.now + timedelta(days=3)}
            self._do(add_absence, member=who, substitute=member(substitute), **days)

        @rule(hours=st.sampled_from([1, 20, 50]))
        def time_passes(self, hours: int) -> None:
            world.later(hours=hours)
            self._worker()

        @rule(who=people)
        def a_login_ends_or_begins(self, who: str) -> None:
            user = User.objects.get(pk=member(who).user_id)
            user.is_active = not user.is_active
            user.save()
            self._worker()

        @rule(who=people)
        def leaves(self, who: str) -> None:
            self._do(leave, member=member(who), by=member("olga"))

        @rule(who=people, role=st.sampled_from(["viewer", "viewer", "member", "client"]))
        def another_role(self, who: str, role: str) -> None:
            self._do(change_role, member=member(who), role=role, by=member("olga"))

        @rule(who=people, name=teams, enters=st.booleans())
        def a_team(self, who: str, name: str, enters: bool) -> None:
            self._do(add_to_team if enters else remove_from_team, team=world.team(name), member=member(who))

        @rule(who=people, name=teams)
        def another_lead(self, who: str, name: str) -> None:
            self._do(change_lead, team=world.team(name), lead=member(who))

        @rule(who=st.one_of(people, teams), where=spaces, gives=st.booleans(), what=st.sampled_from([WORK, WORK[1:2]]))
        def a_grant(self, who: str, where: str, gives: bool, what: Any) -> None:
            to = world.team(who) if who in TEAMS else member(who)
            self._do(grant if gives else revoke, workspace=getattr(world, where), to=to, permissions=what)

        # What they do

        @rule(who=acting, where=spaces, name=teams, to=anybody)
        def something_is_asked(self, who: str, where: str, name: str, to: str) -> None:
            with _trying():
                self._anew(who, where, name, to)
            self._worker()

        @rule(pick=numbers, who=acting, verb=answers)
        def somebody_answers(self, pick: int, who: str, verb: str) -> None:
            handoff = self._some(pick)
            words = {"reason": "Not now"} if verb != "accept" else {}
            action = {"accept": actions.accept, "return": actions.return_, "take": actions.take_over}[verb]
            self._do(lambda **given: action(handoff, **given), by=member(who), **words)

        @rule(pick=numbers, name=teams, to=anybody, verb=asks)
        def the_custodian_asks_somebody_else(self, pick: int, name: str, to: str, verb: str) -> None:
            handoff = self._some(pick)
            action = actions.pass_on if verb == "pass" else actions.redirect
            receiver = {"to_team": world.team(name), "to_member": member(to) if to else None}
            self._do(lambda **given: action(handoff, **given), by=handoff.custodian, **receiver)

        # How

        def _anew(self, who: str, where: str, name: str, to: str) -> None:
            made = actions.draft(getattr(world, where), by=member(who), at=world.now, title="Something")
            receiver = {"to_team": world.team(name), "to_member": member(to) if to else None}
            actions.offer(made, by=member(who), at=world.now, **receiver)

        def _some(self, pick: int) -> Handoff:
            live = list(
                Handoff.objects.live().select_related("custodian__user", "open_offer__to_member").order_by("id")
            )
            return live[pick % len(live)]

        def _do(self, action: Any, **given: Any) -> None:
            with _trying():
                action(**{"by": member("olga"), **given}, at=world.now)
            self._worker()

        def _worker(self) -> None:
            """What the queue does after one look by the pacemaker; the tasks' own form is tried in test_relief."""
            here = world.organization.id
            relief.look_after(here, world.now)
            found = [*stranded(here, world.now), *(offer.handoff for offer in unanswerable(here, world.now))]
            for handoff in found:
                relief.relieve(here, handoff.id, world.now)
            self._all_can_act()

        def _all_can_act(self) -> None:
            here = world.organization.id
            assert list(stranded(here, world.now)) == []
            assert list(unanswerable(here, world.now)) == []
            everybody = list(Member.objects.people().filter(organization_id=here).select_related("user"))
            for handoff in Handoff.objects.live().select_related("custodian", "workspace"):
                holder = next(one for one in everybody if one.pk == handoff.custodian_id)
                assert holder.can_work(world.now), holder
                assert may_work(holder, handoff.workspace), holder
            for offer in Offer.objects.open().select_related("handoff__workspace", "handoff__open_offer"):
                assert any(
                    one.can_work(world.now) and Party.RECEIVER in parties(offer.handoff, one) for one in everybody
                ), offer

        def check_invariants(self, *given: Any, **more: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            super().check_invariants(*given, **more)

    def member(name: str) -> Member:
        """As the tables have them now."""
        people = Member.objects.select_related("user", "organization")
        return people.get(organization=world.organization, name=name.capitalize())

    return Comings


class _trying:
    """A savepoint that a refusal takes back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.atomic.__exit__(kind, error, trace)
        return isinstance(error, Refusal)


def run(world: World, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine(world),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    assert list(faults(world.organization.id)) == []


@pytest.mark.timeout(400)
def test_nobody_answers_for_what_they_cannot_act_on(world: World) -> None:
    run(world, examples=4, steps=15)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nobody_answers_for_what_they_cannot_act_on_however_long(world: World) -> None:
    run(world, examples=300, steps=50)
