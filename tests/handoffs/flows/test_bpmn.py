"""BPMN 2.0: three processes come in, are published, run and go out as the same; what is not understood is listed."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from handoffs import actions
from handoffs.actions.cases import launch
from handoffs.actions.flows import export_bpmn, import_bpmn, install_starters, publish_flow
from handoffs.flows import bpmn
from handoffs.flows.conditions import negated, parsed
from handoffs.flows.plan import Link, Plan, StepKind
from handoffs.flows.versions import plan_of
from handoffs.models import Case, Flow, Turn
from tenants.refusals import Forbidden, Invalid
from tests.handoffs.flows.playing import does, live, states
from tests.handoffs.flows.some import UNHURRIED, plans
from tests.world import World

FILES = Path(__file__).parent / "bpmn"


def a_process(inside: str) -> str:
    """A file with one process that holds this."""
    return (
        '<?xml version="1.0"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:handrail="urn:handrail:flow:1" xmlns:other="https://other.example" targetNamespace="x">'
        f'\n<process id="p" name="P">\n{inside}\n</process>\n</definitions>'
    )


def tasks(*ids: str) -> str:
    return "\n".join(f'<userTask id="{id}" name="{id.capitalize()}"/>' for id in ids)


def flows(*pairs: str) -> str:
    """`a>b`, `a>b: condition`; the id of each is `a_b`."""
    made = []
    for pair in pairs:
        ends, _, condition = pair.partition(": ")
        source, target = ends.split(">")
        inside = f"<conditionExpression>{condition.replace('<', '&lt;')}</conditionExpression>" if condition else ""
        made.append(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
        )
    return "\n".join(made)


def links(text: str) -> dict[str, list[str]]:
    """By step, what leads to it, in a few words."""
    return {step.key: [_told(link) for link in step.after] for step in bpmn.read(text).plan.steps}


def _told(link: Link) -> str:
    words = [link.step, *([f"when {link.when}"] if link.when else []), *(["otherwise"] if link.otherwise else [])]
    return " ".join([*words, *([f"again {link.again_at_most}"] if link.is_loop else [])])


# The three files


def taken_in(world: World, name: str) -> Any:
    return import_bpmn(text=(FILES / f"{name}.bpmn").read_bytes(), by=world.olga, at=world.now)


@pytest.mark.parametrize("name", ["purchase_request", "new_colleague", "complaint"])
def test_a_process_is_published_and_goes_out_as_the_same(world: World, name: str) -> None:
    version = publish_flow(version=taken_in(world, name).version, by=world.olga, at=world.now)
    again = import_bpmn(text=export_bpmn(version, world.olga), name="Again", by=world.olga, at=world.now)
    assert plan_of(again.version) == plan_of(version)
    assert again.notes == ()
    assert again.version.flow.description == version.flow.description


def launched(world: World, name: str, given: dict[str, Any], **roles: str) -> Case:
    version = publish_flow(version=taken_in(world, name).version, by=world.olga, at=world.now)
    casting = {role: (world.team(team), None) for role, team in roles.items()}
    return launch(
        version, by=world.ana, at=world.now, workspace=world.projects, title="Run", casting=casting, given=given
    )


def test_the_purchase_runs_to_its_end(world: World) -> None:
    roles = {"requester": "Sales", "manager": "Support", "purchasing": "Onboarding"}
    case = launched(world, "purchase_request", {"quote": {"expected": "Two chairs"}}, **roles)
    does(world, case, "quote", world.ben, given={"approve": {"amount": "300"}})
    assert live(case)["approve"].context == {"subject": "Two chairs", "amount": "300"}
    does(world, case, "approve", world.sam, result={"decision": "Approved", "grounds": "Needed"})
    assert states(case)["end_declined"] == "bypassed"
    does(world, case, "order", world.ben)
    does(world, case, "receive", world.max)
    case.refresh_from_db()
    assert case.state == "completed"


def test_a_declined_purchase_ends_at_once(world: World) -> None:
    roles = {"requester": "Sales", "manager": "Support", "purchasing": "Onboarding"}
    case = launched(world, "purchase_request", {"quote": {"expected": "A yacht"}}, **roles)
    does(world, case, "quote", world.ben, given={"approve": {"amount": "300000"}})
    does(world, case, "approve", world.sam, result={"decision": "Rejected", "grounds": "No"})
    assert states(case) | {"quote": "", "approve": ""} == {
        "quote": "",
        "approve": "",
        "end_declined": "done",
        "order": "bypassed",
        "receive": "bypassed",
    }
    case.refresh_from_db()
    assert case.state == "completed"


def test_both_branches_for_the_colleague_are_waited_for(world: World) -> None:
    roles = {"lane_people": "Sales", "lane_it": "Support", "lane_facilities": "Onboarding"}
    case = launched(world, "new_colleague", {"contract": {"expected": "Kim begins in May"}}, **roles)
    does(world, case, "contract", world.max)
    assert live(case).keys() == {"accounts", "desk"}
    does(world, case, "desk", world.ben)
    assert live(case).keys() == {"accounts"}
    does(world, case, "accounts", world.sam)
    assert live(case)["welcome"].context["expected"] == "Kim begins in May"
    does(world, case, "welcome", world.max)
    wait = Turn.objects.get(case=case, step="settle_in")
    assert wait.state == "live"
    assert wait.wakes_at is not None
    assert (wait.wakes_at - world.now).days >= 4  # forty working hours


def test_the_complaint_goes_back_until_it_is_clear(world: World) -> None:
    roles = {"front": "Sales", "expert": "Onboarding"}
    asked = {"collect": {"purpose": "The door sticks", "needed_by": "2026-11-01"}}
    case = launched(world, "complaint", asked, **roles)
    for decision in ("Approved with changes", "Rejected"):
        collect = actions.accept(live(case)["collect"], by=world.max, at=world.later(minutes=1))
        photo = ContentFile(b"a photo")
        actions.attach(collect, by=world.max, at=world.later(minutes=1), file=photo, name="door.txt", slot="requested")
        actions.complete(collect, by=world.max, at=world.later(minutes=1))
        does(world, case, "judge", world.ben, result={"decision": decision, "grounds": "Seen"})
    assert Turn.objects.filter(case=case, step="collect").count() == 2
    assert states(case)["repair"] == "bypassed"
    assert states(case)["until_promised"] == "done"  # the promised day has passed
    assert live(case)["close"].context["expected"] == "Seen"


# Plans that go out and come in


@UNHURRIED
@given(plans())
def test_any_plan_goes_out_and_comes_in_as_the_same(plan: Plan) -> None:
    taken = bpmn.read(bpmn.written(plan, name="Some flow", description="Two\nlines"))
    assert taken.plan == plan
    assert (taken.name, taken.description, taken.notes) == ("Some flow", "Two\nlines", ())


def test_starter_flows_go_out_and_come_in_as_the_same(world: World) -> None:
    for version in install_starters(by=world.olga, at=world.now):
        assert bpmn.read(export_bpmn(version, world.olga)).plan == plan_of(version)


# How gateways become links


def test_a_choice_becomes_conditions_and_its_default_otherwise() -> None:
    text = a_process(
        tasks("a", "b", "c")
        + '<exclusiveGateway id="g" default="g_c"/>'
        + flows("a>g", "g>b: a.result.ok = yes", "g>c")
    )
    assert links(text) == {"a": [], "b": ["a when a.result.ok = yes"], "c": ["a otherwise"]}


def test_choices_one_after_another_are_joined_by_and() -> None:
    gateways = '<exclusiveGateway id="g" default="g_h"/><exclusiveGateway id="h" default="h_d"/>'
    text = a_process(
        tasks("a", "b", "c", "d") + gateways + flows("a>g", "g>b: a.result.n > 5", "g>h", "h>c: a.result.n > 3", "h>d")
    )
    assert links(text)["c"] == ["a when (a.result.n <= 5 or a.result.n is empty) and a.result.n > 3"]
    assert links(text)["d"] == [
        "a when (a.result.n <= 5 or a.result.n is empty) and (a.result.n <= 3 or a.result.n is empty)"
    ]


def test_a_default_inside_of_a_branch_is_no_otherwise_for_the_whole_step() -> None:
    gateways = '<parallelGateway id="p"/><exclusiveGateway id="g" default="g_c"/>'
    text = a_process(tasks("a", "b", "c", "d") + gateways + flows("a>p", "p>b", "p>g", "g>c", "g>d: a.result.ok = yes"))
    assert links(text)["c"] == ["a when a.result.ok != yes or a.result.ok is empty"]
    assert links(text)["b"] == ["a"]


def test_a_join_that_chooses_becomes_a_milestone() -> None:
    gateways = '<parallelGateway id="p"/><exclusiveGateway id="j" name="Both in" default="j_d"/>'
    text = a_process(
        tasks("a", "b", "c", "d", "e")
        + gateways
        + flows("a>p", "p>b", "p>c", "b>j", "c>j", "j>d", "j>e: b.result.ok = yes")
    )
    taken = bpmn.read(text)
    assert taken.plan.by_key["j"].kind is StepKind.MILESTONE
    assert links(text) | {"a": []} == {
        "a": [],
        "b": ["a"],
        "c": ["a"],
        "j": ["b", "c"],
        "d": ["j otherwise"],
        "e": ["j when b.result.ok = yes"],
    }
    assert any("Both in" in note for note in taken.notes)


def test_a_way_back_gets_a_limit_and_says_so() -> None:
    gateway = '<exclusiveGateway id="g" default="g_a"/>'
    text = a_process(tasks("a", "b") + gateway + flows("a>g", "g>b: a.result.ok = yes", "g>a"))
    taken = bpmn.read(text)
    assert links(text)["a"] == ["a when a.result.ok != yes or a.result.ok is empty again 3"]
    assert any("3 times at most" in note for note in taken.notes)


def test_conditions_that_may_be_true_together_are_pointed_out() -> None:
    gateway = '<exclusiveGateway id="g" name="How much?" default="g_d"/>'
    text = a_process(
        tasks("a", "b", "c", "d") + gateway + flows("a>g", "g>b: a.result.n > 5", "g>c: a.result.n > 3", "g>d")
    )
    assert any("How much?" in note for note in bpmn.read(text).notes)


def test_ids_that_are_no_keys_become_some() -> None:
    text = a_process(tasks("Task_1", "task_1", "_x") + flows("Task_1>task_1", "task_1>_x"))
    assert links(text) == {"task_1_2": [], "task_1": ["task_1_2"], "x": ["task_1"]}


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("a.result.n < 3", "a.result.n >= 3 or a.result.n is empty"),
        ("a.result.n is given", "a.result.n is empty"),
        (
            'a.result.n = 3 and b.result.c != "x"',
            'a.result.n != 3 or a.result.n is empty or b.result.c = "x" or b.result.c is empty',
        ),
    ],
)
def test_the_opposite_of_a_condition_can_be_spelled(text: str, opposite: str) -> None:
    known: list[dict[str, Any]] = [
        {"a": {"result": n}, "b": {"result": c}}
        for n in ({}, {"n": "2"}, {"n": "3"})
        for c in ({}, {"c": "x"}, {"c": "y"})
    ]
    for world in known:
        assert negated(parsed(text)).holds(world) is not parsed(text).holds(world)
        assert negated(parsed(text)).holds(world) is parsed(opposite).holds(world)


# What is refused

REFUSED = {
    "a service task": ('<serviceTask id="x" name="Send"/>', "serviceTask", "not understood"),
    "a script": ('<scriptTask id="x"><script>rm</script></scriptTask>', "scriptTask", "not understood"),
    "a sub-process": ('<subProcess id="x"/>', "subProcess", "not understood"),
    "a boundary event": ('<boundaryEvent id="x" attachedToRef="a"/>', "boundaryEvent", "not understood"),
    "a message": (
        '<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>',
        "messageEventDefinition",
        "not understood",
    ),
    "a terminating end": ('<endEvent id="x"><terminateEventDefinition/></endEvent>', "terminateEventDefinition", "not"),
    "a repetition of a timer": (
        '<intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>'
        "</intermediateCatchEvent>",
        "timeCycle",
        "not understood",
    ),
    "a task that repeats": (
        '<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>',
        "multiInstanceLoopCharacteristics",
        "not understood",
    ),
    "another product's extension": (
        '<userTask id="x"><extensionElements><other:form/></extensionElements></userTask>',
        "form",
        "other products",
    ),
    "another product's attribute": ('<userTask id="x" other:assignee="me"/>', "userTask", "attribute"),
    "an event-based gateway": ('<eventBasedGateway id="x"/>', "eventBasedGateway", "not understood"),
    "a called process": ('<callActivity id="x" calledElement="q"/>', "callActivity", "which flow"),
    "a wait for nothing": ('<intermediateCatchEvent id="x"/>', "intermediateCatchEvent", "timer"),
    "a wait in days": (
        '<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>'
        "</intermediateCatchEvent>",
        "intermediateCatchEvent",
        "hours and minutes",
    ),
    "a condition of another language": (flows("a>b: ${approved}"), "sequenceFlow", "condition"),
    "a flow from nowhere": ('<sequenceFlow id="x" sourceRef="no" targetRef="b"/>', "sequenceFlow", "does not lead"),
    "a choice that does not say how": (
        '<exclusiveGateway id="x"/>' + flows("a>x", "x>b", "x>c"),
        "sequenceFlow",
        "needs a condition",
    ),
    "a choice at the start": (
        '<startEvent id="x"/><inclusiveGateway id="y"/>' + flows("x>y", "y>c: a.result.n > 3"),
        "startEvent",
        "at the start",
    ),
    "gateways in a circle": (
        '<parallelGateway id="x"/><parallelGateway id="y"/>' + flows("a>x", "x>y", "y>x", "y>b"),
        "parallelGateway",
        "circle",
    ),
    "an element without an id": ("<userTask/>", "userTask", "no id"),
    "an id twice": (tasks("a"), "process", "same id"),
    "an extension that is no JSON": (
        '<userTask id="x"><extensionElements><handrail:step>{</handrail:step></extensionElements></userTask>',
        "step",
        "JSON",
    ),
    "an extension with what no step has": (
        '<task id="x"><extensionElements><handrail:step>{"owner": 1}</handrail:step></extensionElements></task>',
        "task",
        "owner",
    ),
    "a lane within a lane": (
        '<laneSet><lane id="l"><childLaneSet/></lane></laneSet>',
        "childLaneSet",
        "not understood",
    ),
}


@pytest.mark.parametrize(("inside", "element", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_understood_is_refused_where_it_stands(inside: str, element: str, words: str) -> None:
    with pytest.raises(bpmn.NotUnderstood) as caught:
        bpmn.read(a_process(f"{tasks('a', 'b', 'c')}\n{inside}"))
    assert any(one.element == element and words in one.sentence for one in caught.value.strange), caught.value.strange
    assert all(one.line > 0 for one in caught.value.strange)


def test_everything_strange_is_told_at_once_with_its_line(world: World) -> None:
    text = a_process('<serviceTask id="x" name="Send"/>\n<dataObject id="d"/>\n<scriptTask id="s"/>')
    with pytest.raises(Invalid) as caught:
        import_bpmn(text=text, by=world.olga, at=world.now)
    assert caught.value.code == "bpmn_not_understood"
    assert [(one["element"], one["id"], one["name"], one["line"]) for one in caught.value.details["strange"]] == [
        ("serviceTask", "x", "Send", 4),
        ("dataObject", "d", "", 5),
        ("scriptTask", "s", "", 6),
    ]
    assert not Flow.objects.filter(name="P").exists()


def diamonds(number: int, last: str) -> str:
    """Gateways that part and meet again, one after another."""
    gateways = "".join(f'<parallelGateway id="{kind}{n}"/>' for n in range(number) for kind in "pqrs")
    inner = [f"{a}{n}>{b}{n}" for n in range(number) for a, b in ("pq", "pr", "qs", "rs")]
    chain = [f"s{n}>p{n + 1}" for n in range(number - 1)]
    return a_process(tasks("a", "b") + gateways + flows("a>p0", *inner, *chain, f"s{number - 1}>{last}"))


@pytest.mark.parametrize("last", ["b", "a", "p0"])
def test_gateways_that_double_the_ways_are_refused_in_a_moment(last: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(bpmn.NotUnderstood):
        bpmn.read(diamonds(40, last))
    assert time.perf_counter() - begun < 5


def test_ways_that_all_end_are_looked_through_in_a_moment() -> None:
    text = diamonds(40, "z").replace("</process>", '<endEvent id="z"/></process>')
    begun = time.perf_counter()
    with contextlib.suppress(bpmn.NotUnderstood):
        bpmn.read(text)
    assert time.perf_counter() - begun < 5


def test_a_long_chain_of_gateways_is_no_trouble() -> None:
    gateways = "".join(f'<parallelGateway id="g{n}"/>' for n in range(150))
    chain = [f"g{n}>g{n + 1}" for n in range(149)]
    assert links(a_process(tasks("a", "b") + gateways + flows("a>g0", *chain, "g149>b"))) == {"a": [], "b": ["a"]}


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
HOSTILE: dict[str, str | bytes] = {
    "nothing": "",
    "no XML": "hello",
    "cut off": "<definitions>",
    "laughs": LAUGHS,
    "a file of the server": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>',
    "deep": "<a>" * 100_000,
    "many": "<a>" + "<b/>" * 100_000 + "</a>",
    "large": "<a>" + "x" * 1_100_000 + "</a>",
    "bytes": b"\xff\xfe\x00\x01",
    "NUL": "<a>\x00</a>",
    "a lone surrogate": "<a>\ud800</a>",
    "an unknown encoding": b'<?xml version="1.0" encoding="x-none"?><a/>',
    "something else": "<html/>",
    "no process": '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_in_words(text: str | bytes) -> None:
    with pytest.raises(bpmn.NotUnderstood) as caught:
        bpmn.read(text)
    assert caught.value.strange[0].sentence


@UNHURRIED
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    for sent in (text, a_process(text) if isinstance(text, str) else text):
        try:
            bpmn.read(sent)
        except bpmn.NotUnderstood as fault:
            assert fault.strange


def test_only_who_runs_the_organization_takes_processes_in_and_out(world: World) -> None:
    draft = taken_in(world, "complaint").version
    with pytest.raises(Forbidden):
        taken = (FILES / "complaint.bpmn").read_bytes()
        import_bpmn(text=taken, name="Mine", by=world.lea, at=world.now)
    with pytest.raises(Forbidden):
        export_bpmn(draft, world.lea)
