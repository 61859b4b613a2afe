"""Writes a movement: the handoffs it brings, already offered, and everything of its cases, in bulk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Model

from handoffs import passage
from handoffs.actions._transfer import facts_of, hours_of, ladder_of, new_offer, promised, times
from handoffs.actions.cancel import cancel
from handoffs.actions.cases import _documents
from handoffs.actions.cases._flowing import Flow, add_given, flowing, missing, refuse_missing, source_of
from handoffs.actions.cases._movement import Entering, Movement, Record
from handoffs.actions.cases._pinned import template_of
from handoffs.actions.cases._receivers import Chosen, Givers, Wanted, choose
from handoffs.actions.draft import home_team, lay_out_checklist
from handoffs.bulk import insert_whole, update_all
from handoffs.clocks import running
from handoffs.custody import passing
from handoffs.definition.specification import Specification, specification
from handoffs.escalation.plan import PlannedLadder
from handoffs.handoff import Counter, Handoff
from handoffs.lifecycle import Verb
from handoffs.models import (
    Case,
    CaseCounter,
    CaseEvent,
    Casting,
    ChecklistItem,
    ClockKind,
    Offer,
    TemplateVersion,
    Turn,
)
from handoffs.refusals import Shortfall, nobody_to_receive
from handoffs.search.writing import write_words
from tenants.models import Member, Team, Workspace
from tenants.presence import all_stay


@dataclass
class Prepared:
    """A step that is entered, with everything its handoff begins with."""

    entering: Entering
    version: TemplateVersion | None
    asked: Specification
    workspace: Workspace
    flow: Flow
    documents: "Sequence[_documents.Flowing]"
    chosen: Chosen | None = None
    handoff: Handoff | None = None
    offer: Offer | None = None


def prepare(movement: Movement, *, code: str = "incomplete_for_next") -> list[Prepared]:
    """What each step that is entered begins with, and who gives and receives it; nothing is written yet.

    Raises `Incomplete` with all that the giver still has to say, Conflict next_step_has_nobody.
    """
    prepared = [prepared_of(movement, each) for each in movement.entering]
    _documents.find(prepared)
    lacking: list[Shortfall] = []
    for each in prepared:
        lacking += lacks(each, movement)
    if not movement.by.is_system:  # after a wait nobody is there to be asked
        refuse_missing(lacking, code)
    for each, chosen in zip(prepared, _choose(movement, prepared), strict=True):
        each.chosen = chosen
    return prepared


def lacks(each: Prepared, movement: Movement) -> list[Shortfall]:
    """What is wrong with what was given for this step, and what is missing."""
    key = asked_as(each.entering, movement)
    wrong = add_given(each.flow, key, movement.given.get(key, {}), each.asked, movement.by)
    return wrong + still_missing(each, movement)


def still_missing(each: Prepared, movement: Movement) -> list[Shortfall]:
    """What the giver still has to say for this step. Of our internal steps a client is asked nothing."""
    step = each.entering.step
    if step.internal and movement.by.role == Member.Role.CLIENT:
        return []
    slots = {document.slot for document in each.documents}
    return missing(replace(step, key=asked_as(each.entering, movement)), each.flow, each.asked, slots, movement.by)


def write(movement: Movement, prepared: Sequence[Prepared]) -> None:
    """Writes everything. What was live and is undone is cancelled first, by the product, with the reason."""
    system = (
        Member.objects.select_related("organization").system(movement.by.organization) if movement.cancelling else None
    )
    for handoff, reason in movement.cancelling:
        assert system is not None
        cancel(movement.held[handoff.pk], by=system, at=movement.at, reason=reason)
    _launch(movement)
    if movement.ended_turns:
        update_all(Turn, list(movement.ended_turns.values()), ["state", "ended_at", "undone_at", "cause", "reason"])
    if prepared:
        _enter(movement, prepared)
    insert_whole(movement.new_turns)
    _note_down(movement)


def prepared_of(movement: Movement, entering: Entering) -> Prepared:
    """What a step that is entered begins with, before the giver says anything and without documents."""
    course, step = entering.course, entering.step
    case = course.case
    version = template_of(case, step.key)
    workspace = case.internal_workspace if step.internal and case.internal_workspace else case.workspace
    asked = specification(version)
    source, taking = source_of(course, step, movement.launcher_of(course))
    flow = flowing(source, taking, version, workspace, asked)
    return Prepared(entering, version, asked, workspace, flow, [])


def asked_as(entering: Entering, movement: Movement) -> str:
    """Under which step's key the giver says things: for the first steps of a case launched just now, its launcher's."""
    above = movement.launcher_of(entering.course)
    return entering.step.key if above is None else above[1].key


def _choose(movement: Movement, prepared: Sequence[Prepared]) -> list[Chosen]:
    if not prepared:
        return []
    owner = prepared[0].entering.course.case.owner
    nearest = [member for member in (movement.by, *movement.givers, owner) if not member.is_system]
    team_id = movement.team.pk if movement.team else None
    wanted = []
    for each in prepared:
        step, course = each.entering.step, each.entering.course
        role = course.plan.roles_by_key[step.receiver]
        wanted.append(Wanted(step.label, each.workspace, role.label, movement.castings_of(course)[role.key]))
    return choose(wanted, Givers(nearest, team_id, movement.at), movement.at)


def _launch(movement: Movement) -> None:
    """The rows of cases that are launched, with their castings."""
    if not movement.launched:
        return
    cases = [course.case for course, _ in movement.launched]
    first = CaseCounter.take(movement.by.organization_id, len(cases))
    for number, ((key,), case) in enumerate(zip(_keys(len(cases), Case), cases, strict=True), first):
        case.number, case.pk = number, key
    for case in cases:  # one that was launched by another of these knows its key by now
        case.root = case.root
    Case.objects.bulk_create(cases)
    Casting.objects.bulk_create(
        Casting(organization_id=course.case.organization_id, case=course.case, role=role, team=team, member=member)
        for course, casting in movement.launched
        for role, (team, member) in casting.items()
    )


def _enter(movement: Movement, prepared: Sequence[Prepared]) -> None:
    """The handoffs of the entered steps: made, held and offered in the same instant."""
    at, organization_id = movement.at, movement.by.organization_id
    held = {each.chosen.giver for each in prepared if each.chosen}
    held |= {each.chosen.member for each in prepared if each.chosen and each.chosen.member}
    here = all_stay(held)
    for member in held:
        if member.pk not in here:
            raise nobody_to_receive(member.name, "they have left")
    keys = _keys(len(prepared), Handoff, Offer)
    ladders: dict[int | None, PlannedLadder | None] = {}
    number = Counter.take(organization_id, len(prepared))
    promises, entering = [], []
    for (handoff_id, offer_id), each in zip(keys, prepared, strict=True):
        _make(movement, each, handoff_id, offer_id, number)
        number += 1
        assert each.handoff is not None
        assert each.offer is not None
        lane = each.version.ladder_id if each.version else None
        if lane not in ladders:
            ladders[lane] = ladder_of(each.version, organization_id)
        targets = times(each.version, each.entering.step.within, ClockKind.ACCEPT)
        hours = hours_of(each.offer.to_member, each.offer.to_team.calendar)
        (promise,) = promised(targets, hours, ladders[lane], offer_id=offer_id)
        each.offer.due_at = promise.due(at)
        promises.append((each.handoff, promise))
        case = each.entering.course.case
        place = {"case": case.reference, "case_id": case.pk, "step": each.entering.step.key}
        drafted = {"title": each.handoff.title, "template": str(each.version) if each.version else "", **place}
        entering.append((each.handoff, drafted, {**facts_of(each.offer), **place}))
    passage.enter_offered(entering, by=movement.by, at=at)
    insert_whole([each.offer for each in prepared if each.offer])
    insert_whole(
        [passing.first(each.handoff, each.chosen.giver, at=at) for each in prepared if each.handoff and each.chosen]
    )
    running.start_all(promises, at=at)
    _lay_out(movement, prepared)
    _documents.write(prepared, at)
    write_words([handoff_id for handoff_id, _ in keys])


def _make(movement: Movement, each: Prepared, handoff_id: int, offer_id: int, number: int) -> None:
    step, course, chosen = each.entering.step, each.entering.course, each.chosen
    assert chosen is not None
    handoff = Handoff(
        id=handoff_id,
        organization_id=movement.by.organization_id,
        number=number,
        workspace=each.workspace,
        template_version=each.version,
        case=course.case,
        title=f"{step.label}: {course.case.title}"[:200],
        context=each.flow.context,
        open_offer_id=offer_id,
        created_at=movement.at,
        changed_at=movement.at,
        first_offered_at=movement.at,
        **passing.authored(chosen.giver, _team_of(chosen.giver, movement)),
    )
    receiver = (chosen.team, chosen.member)
    offer = new_offer(handoff, receiver, seq=1, verb=Verb.OFFER, giver=chosen.giver, message="", at=movement.at)
    offer.pk = offer_id
    each.handoff, each.offer = handoff, offer
    turn = each.entering.turn
    turn.handoff, turn.origins, turn.brought_by = handoff, each.flow.origins, chosen.giver


def _team_of(giver: Member, movement: Movement) -> Team | None:
    """The sending side of the lane: for which the completer held their own work, else where the giver is at home."""
    return movement.team if giver.pk == movement.by.pk and movement.team is not None else home_team(giver)


def _lay_out(movement: Movement, prepared: Sequence[Prepared]) -> None:
    items: list[ChecklistItem] = []
    for each in prepared:
        assert each.handoff is not None
        for item in lay_out_checklist(each.handoff, each.asked):
            if item.key in each.flow.ticked:
                item.ticked_at, item.ticked_by = movement.at, movement.by
            items.append(item)
    if items:
        insert_whole(items)


def _keys(count: int, *models: type[Model]) -> list[tuple[int, ...]]:
    """Keys taken beforehand, of each of the tables as many: rows that refer to each other are inserted by kind."""
    wanted = ", ".join(f"nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))" for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM generate_series(1, %s)", [count])
        return list(cursor.fetchall())


def _note_down(movement: Movement) -> None:
    """The cases' own rows, and an event in the ledger of each."""
    events = []
    for record in movement.records.values():
        case = record.course.case
        event = CaseEvent(
            organization_id=case.organization_id,
            case=case,
            seq=case.ledger_seq + 1,
            verb=record.verb,
            by=movement.by,
            at=movement.at,
            facts=_facts(record),
        )
        case.ledger_head = event.seal(case.ledger_head)
        case.ledger_seq, case.changed_at = event.seq, movement.at
        events.append(event)
    fields = ["state", "closed_at", "reason", "changed_at", "ledger_seq", "ledger_head", *movement.case_fields]
    update_all(Case, [record.course.case for record in movement.records.values()], fields)
    insert_whole(events)


def _facts(record: Record) -> dict[str, Any]:
    """With the handoffs and cases that the entered steps have brought, by step."""
    brought = {turn.step: turn for turn in record.entered if turn.undone_at is None}
    return {**record.facts, **({"entered": list(_named(record, brought))} if "entered" in record.facts else {})}


def _named(record: Record, brought: dict[str, Turn]) -> Iterator[dict[str, Any]]:
    for entered in record.facts["entered"]:
        turn = brought.get(entered["step"])
        extra: dict[str, Any] = {}
        if turn is not None and turn.handoff is not None:
            extra = {"handoff": turn.handoff_id, "reference": turn.handoff.reference}
        if turn is not None and turn.child is not None:
            extra = {"case": turn.child_id, "reference": turn.child.reference}
        if turn is not None and turn.wakes_at is not None:
            extra["wakes_at"] = turn.wakes_at.isoformat()
        yield {**entered, **extra}
