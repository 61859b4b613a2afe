"""Who is told of what: each verb done by somebody of the cast, and exactly these people hear of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from handoffs import actions
from handoffs.actions.escalate import keeper
from handoffs.delivery.audience import TELLING
from handoffs.delivery.people import RUNG, audience
from handoffs.delivery.sight import seeing
from handoffs.escalation.plan import Audience
from handoffs.lifecycle import State, Verb
from handoffs.models import ClockKind, Event, Handoff, HandoffTeamPermission, HandoffUserPermission
from handoffs.parties import sees
from tenants.access import Permission
from tenants.actions import grant, leave, remove_from_team
from tenants.models import Member
from tests.world import World

ONBOARDING = ("ben", "bo", "lea")
SUPPORT = ("sam", "sue")


@dataclass(frozen=True)
class Case:
    """`verb` done by `by` on a handoff that stands at `at`."""

    verb: Verb
    at: State
    by: str
    do: Callable[[World, Handoff], Handoff]
    told: dict[str, str]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.by} {self.verb} {self.at} {self.note}".strip()


def case(verb: Verb, at: State, by: str, told: dict[str, str], note: str = "", **words: object) -> Case:
    def do(world: World, handoff: Handoff) -> Handoff:
        given = {name: value(world) if callable(value) else value for name, value in words.items()}
        action = getattr(actions, "return_" if verb is Verb.RETURN else str(verb))
        by_whom = world.system if by == "system" else getattr(world, by)
        done: Handoff = action(handoff, by=by_whom, at=world.later(minutes=20), **given)
        return done

    return Case(verb, at, by, do, told, note)


def team(name: str) -> Callable[[World], object]:
    return lambda world: world.team(name)


def to(role: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, role)


def later(world: World) -> object:
    return world.now + timedelta(days=2)


CASES = [
    case(Verb.OFFER, State.DRAFT, "ana", to("receivers", *ONBOARDING), to_team=team("Onboarding")),
    case(
        Verb.OFFER,
        State.DRAFT,
        "ana",
        to("receivers", "ben"),
        "to one person",
        to_team=team("Onboarding"),
        to_member=lambda world: world.ben,
    ),
    case(Verb.OFFER, State.DRAFT, "ana", to("receivers", "max"), "to her own team", to_team=team("Sales")),
    case(Verb.OFFER, State.RETURNED, "ana", to("receivers", *ONBOARDING), to_team=team("Onboarding")),
    case(Verb.PASS_ON, State.STARTED, "ben", to("receivers", *SUPPORT), to_team=team("Support")),
    case(Verb.HAND_BACK, State.ACCEPTED, "ben", to("receivers", "ana"), reason="Not ours"),
    case(
        Verb.REDIRECT,
        State.OFFERED,
        "ana",
        to("receivers", *SUPPORT) | to("former_receivers", *ONBOARDING),
        to_team=team("Support"),
    ),
    case(
        Verb.REDIRECT,
        State.OFFERED,
        "lea",
        {"bo": "receivers", "ana": "custodian", "ben": "former_receivers"},
        "to one of her team",
        to_team=team("Onboarding"),
        to_member=lambda world: world.bo,
    ),
    case(Verb.WITHDRAW, State.OFFERED, "ana", to("former_receivers", *ONBOARDING)),
    case(Verb.ACCEPT, State.OFFERED, "ben", to("giver", "ana")),
    case(Verb.RETURN, State.OFFERED, "ben", to("custodian", "ana"), reason="The access list is missing"),
    case(Verb.ASK, State.OFFERED, "ben", to("receivers", "ana"), body="Who signs?"),
    case(Verb.ASK, State.OFFERED, "ana", to("receivers", *ONBOARDING), "her receivers", body="Can you start Monday?"),
    case(Verb.ASK, State.STARTED, "ben", to("receivers", "ana"), body="Who signs?"),
    case(Verb.HOLD, State.STARTED, "ben", to("sender", "ana"), reason="Waiting", until=later),
    case(Verb.RESUME, State.ON_HOLD, "ben", to("sender", "ana")),
    case(Verb.RESUME, State.ON_HOLD, "system", {"ben": "custodian", "ana": "sender"}),
    case(Verb.COMPLETE, State.STARTED, "ben", to("sender", "ana")),
    case(Verb.REOPEN, State.COMPLETED, "ana", to("receivers", "ben"), reason="The invoice was wrong"),
    case(Verb.CANCEL, State.DRAFT, "ana", {}, reason="Signed elsewhere"),
    case(Verb.CANCEL, State.OFFERED, "ana", to("former_receivers", *ONBOARDING), reason="Signed elsewhere"),
    case(Verb.CANCEL, State.STARTED, "mo", {"ben": "former_holder", "ana": "sender"}, reason="Signed elsewhere"),
    case(Verb.TAKE_OVER, State.STARTED, "lea", {"ben": "displaced", "ana": "sender"}, reason="Ben is ill"),
    case(
        Verb.TAKE_OVER,
        State.STARTED,
        "system",
        {"lea": "holder", "ben": "displaced", "ana": "sender"},
        reason="Ben left",
        to=lambda world: world.lea,
    ),
    case(Verb.NOTE, State.STARTED, "ben", to("sender", "ana"), body="Half done"),
    case(Verb.NOTE, State.STARTED, "mo", {"ben": "custodian", "ana": "sender"}, body="Mind the deadline"),
    case(Verb.NUDGE, State.OFFERED, "ana", to("receivers", *ONBOARDING)),
    case(Verb.NUDGE, State.STARTED, "ana", to("receivers", "ben")),
    case(Verb.SHARE, State.STARTED, "ben", to("shared_with", "nils"), to=lambda world: world.nils),
    case(Verb.SHARE, State.STARTED, "mo", to("shared_with", "sam", "sue"), "with a team", to=team("Support")),
    case(Verb.START, State.ACCEPTED, "ben", {}),
    case(Verb.VIEW, State.OFFERED, "ben", {}),
    case(Verb.LINK, State.STARTED, "ben", {}, url="https://fjord.example/1"),
    case(Verb.EDIT, State.DRAFT, "ana", {}, summary="Mended"),
]


def told(event: Event, handoff: Handoff) -> dict[str, str]:
    return {member.name.lower(): role for member, role in audience(event, handoff).items()}


def last(handoff: Handoff) -> Event:
    return Event.objects.select_related("by").get(handoff=handoff, seq=handoff.ledger_seq)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_exactly_these_people_are_told(world: World, case: Case) -> None:
    handoff = case.do(world, world.handoff(case.at))
    event = last(handoff)
    assert event.verb == case.verb
    heard = told(event, handoff)
    assert heard == case.told
    assert case.by not in heard


def test_the_answer_goes_to_who_asked(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    handoff = actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body="Who signs?")
    question = handoff.questions.get()
    handoff = actions.answer(handoff, by=world.ana, at=world.later(minutes=1), question=question.id, body="Cleo does")
    assert told(last(handoff), handoff) == {"ben": "asker"}


def test_the_cases_cover_every_verb_that_tells() -> None:
    covered = {case.verb for case in CASES}
    assert set(TELLING) - covered == {Verb.ANSWER, Verb.ESCALATE, Verb.UNPLAN}


def test_every_audience_of_a_rung_can_be_filled() -> None:
    assert set(RUNG) == {str(name) for name in Audience}


@pytest.mark.parametrize("internal", [False, True])
def test_a_client_never_hears_of_what_is_internal(world: World, internal: bool) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    handoff = actions.accept(handoff, by=world.cleo, at=world.later(minutes=5))
    handoff = actions.note(handoff, by=world.max, at=world.later(minutes=5), body="They pay late", internal=internal)
    heard = told(last(handoff), handoff)
    assert heard == ({"ana": "sender"} if internal else {"cleo": "custodian", "ana": "sender"})


def test_no_role_brings_a_client_to_an_internal_event(world: World) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    for verb, facts in {
        Verb.OFFER: {"to_team": world.team("Northwind").id},
        Verb.REDIRECT: {"former_team": world.team("Northwind").id, "to_member": world.carl.id},
        Verb.ACCEPT: {"giver_id": world.cleo.id, "former_holder": world.carl.id},
        Verb.ANSWER: {"asker_id": world.cleo.id},
        Verb.TAKE_OVER: {"displaced_id": world.cleo.id, "holder_id": world.carl.id},
        Verb.ESCALATE: {"alarms": [{"audience": sorted(Audience), "to_team": world.team("Northwind").id}]},
    }.items():
        event = Event(organization=world.organization, handoff=handoff, verb=verb, by=world.system, facts=facts)
        assert any(member.role == Member.Role.CLIENT for member in audience(event, handoff)), verb
        event.internal = True
        assert not any(member.role == Member.Role.CLIENT for member in audience(event, handoff)), verb


def test_a_client_is_not_told_of_a_workspace_they_do_not_see(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    event = Event(
        organization=world.organization,
        handoff=handoff,
        verb=Verb.ANSWER,
        by=world.ana,
        facts={"asker_id": world.cleo.id},
    )
    assert told(event, handoff) == {}


def test_who_has_left_the_firm_or_the_team_is_not_told(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    leave(member=world.bo, by=world.olga, at=world.later(minutes=1))
    remove_from_team(team=world.team("Onboarding"), member=world.ben, by=world.olga, at=world.later(minutes=1))
    assert told(last(handoff), handoff) == {"lea": "receivers"}


def test_who_cannot_sign_in_is_not_told(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    world.bo.user.is_active = False
    world.bo.user.save()
    assert told(last(handoff), handoff) == to("receivers", "ben", "lea")


def escalation(world: World, handoff: Handoff, clock: str, *names: str) -> Event:
    _, to_team, to_member, from_team = keeper(handoff, ClockKind(clock), None)
    facts = {"audience": list(names), "to_team": to_team, "to_member": to_member, "from_team": from_team}
    return Event(
        organization=world.organization, handoff=handoff, verb=Verb.ESCALATE, by=world.system, facts={"alarms": [facts]}
    )


@pytest.mark.parametrize(
    ("state", "clock", "name", "expected"),
    [
        (State.OFFERED, "accept", "receivers", ONBOARDING),
        (State.OFFERED, "accept", "custodian", ("ana",)),
        (State.OFFERED, "accept", "sender", ("ana",)),
        (State.OFFERED, "accept", "receiving_lead", ("lea",)),
        (State.OFFERED, "accept", "sending_lead", ("max",)),
        (State.OFFERED, "accept", "workspace_managers", ("mo",)),
        (State.STARTED, "complete", "receivers", ("ben",)),
        (State.STARTED, "complete", "custodian", ("ben",)),
        (State.STARTED, "complete", "sender", ("ana",)),
        (State.STARTED, "complete", "receiving_lead", ("lea",)),
        (State.STARTED, "complete", "sending_lead", ("max",)),
    ],
)
def test_a_rung_names_its_people(world: World, state: State, clock: str, name: str, expected: tuple[str, ...]) -> None:
    handoff = world.handoff(state)
    assert told(escalation(world, handoff, clock, name), handoff) == to(name, *expected)


def test_while_it_is_passed_on_the_promise_to_complete_is_still_the_holders(world: World) -> None:
    handoff = world.handoff(State.STARTED)
    handoff = actions.pass_on(handoff, by=world.ben, at=world.later(minutes=1), to_team=world.team("Support"))
    assert told(escalation(world, handoff, "complete", "receivers"), handoff) == to("receivers", "ben")
    assert told(escalation(world, handoff, "accept", "receivers"), handoff) == to("receivers", *SUPPORT)


def test_managers_may_be_a_team(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    grant(
        workspace=world.projects,
        to=world.team("Support"),
        permissions=[Permission.MANAGE],
        by=world.olga,
        at=world.later(minutes=1),
    )
    heard = told(escalation(world, handoff, "accept", "workspace_managers"), handoff)
    assert heard == to("workspace_managers", "mo", *SUPPORT)


def test_without_managers_who_runs_the_organization_is_told(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    leave(member=world.mo, by=world.olga, at=world.later(minutes=1))
    heard = told(escalation(world, handoff, "accept", "workspace_managers"), handoff)
    assert heard == to("workspace_managers", "olga")


def test_an_alarm_that_would_reach_nobody_reaches_the_managers(world: World) -> None:
    handoff = world.handoff(State.OFFERED, to="Onboarding")
    for name in ONBOARDING:
        user = getattr(world, name).user
        user.is_active = False
        user.save()
    assert told(escalation(world, handoff, "accept", "receivers"), handoff) == to("workspace_managers", "mo")


def test_sight_agrees_with_what_each_member_may_see(world: World) -> None:
    """The reverse query and the forward rule are two pieces of code; the whole cast must come out the same."""
    inner, outer = world.handoff(State.STARTED), world.handoff(State.OFFERED, workspace=world.northwind)
    lent = world.handoff(State.STARTED, title="Lent")
    permission = HandoffUserPermission._meta.get_field("permission").related_model.objects.get(
        codename="view_handoff", content_type__app_label="handoffs"
    )
    here = {"organization": world.organization, "content_object": lent, "permission": permission}
    HandoffUserPermission.objects.create(user=world.nils.user, **here)
    HandoffTeamPermission.objects.create(group=world.team("Northwind").group, **here)
    everybody = list(Member.objects.filter(organization=world.organization).people().able())
    for handoff in (inner, outer, lent):
        assert set(seeing(handoff)) == {member for member in everybody if sees(handoff, member)}, handoff
    assert {member.name for member in set(seeing(lent)) - set(seeing(inner))} == {"Nils", "Cleo", "Carl"}
