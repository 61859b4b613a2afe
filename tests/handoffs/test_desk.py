"""What is read by hand says what the querysets say: the desk, the frame, rows with what they lead to."""

from datetime import timedelta

import pytest

from handoffs import actions
from handoffs.desk import desk_of
from handoffs.faces import with_faces
from handoffs.lifecycle import State
from handoffs.models import Event, Handoff, Offer, TemplateVersion
from tenants.access import Permission, workspaces_for
from tenants.entered import workspaces_entered_by
from tenants.models import Calendar, Member, Organization
from tenants.records import by_ids, records
from tests.world import World

EVERYBODY = ["olga", "ana", "max", "ben", "lea", "sam", "mo", "nils", "vic", "cleo"]


@pytest.fixture
def busy(world: World) -> World:
    """Handoffs in every state, some of them due."""
    for state in State:
        world.handoff(state)
    late = world.handoff(State.STARTED)
    Handoff.objects.filter(pk=late.pk).update(complete_due_at=world.now - timedelta(hours=1))
    return world


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_desk(busy: World, name: str) -> None:
    member = getattr(busy, name)
    held, sent = desk_of(member)
    assert held == list(Handoff.objects.held_by(member).values_list("id", flat=True))
    assert sent == list(Handoff.objects.sent_by(member).values_list("id", flat=True))


def test_somebody_has_something_on_their_desk(busy: World) -> None:
    assert all(desk_of(busy.ana))
    assert desk_of(busy.ben).held


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_workspaces_in_the_frame(world: World, name: str) -> None:
    member = getattr(world, name)
    usual = workspaces_for(member, Permission.VIEW).filter(closed_at=None).order_by("name")
    assert workspaces_entered_by(member, 30) == list(usual)
    assert workspaces_entered_by(member, 1) == list(usual[:1])


def test_a_closed_workspace_is_in_nobodys_frame(world: World) -> None:
    world.projects.closed_at = world.now
    world.projects.save()
    assert world.projects not in workspaces_entered_by(world.olga, 30)


def test_a_member_who_left_enters_nothing(world: World) -> None:
    world.nils.left_at = world.now
    assert workspaces_entered_by(world.nils, 30) == []


@pytest.mark.parametrize("model", [Handoff, Offer, Event, TemplateVersion, Calendar, Member])
def test_rows_are_what_the_queryset_reads(busy: World, model: type) -> None:
    usual = {row.pk: row for row in model._default_manager.filter(organization_id=busy.organization.pk)}  # type: ignore[attr-defined]
    found = by_ids(model, busy.organization.pk, usual)
    assert len(usual) > 0
    for id, row in usual.items():
        for field in model._meta.concrete_fields:  # type: ignore[attr-defined]
            assert getattr(found[id], field.attname) == getattr(row, field.attname), field
        assert not found[id]._state.adding


def test_what_a_row_leads_to_comes_along(busy: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    given = {"home": busy.organization.pk}
    with django_assert_num_queries(1):
        offers = records(Offer, "WHERE one.organization_id = %(home)s ORDER BY one.id", given, "giver", "to_member")
        told = [(offer.giver.name, offer.to_member) for offer in offers]
    usual = Offer.objects.select_related("giver", "to_member").order_by("id")
    assert told == [(offer.giver.name, offer.to_member) for offer in usual]


def test_what_lies_further_comes_along_and_what_is_left_is_read_when_asked_for(
    busy: World,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    given = {"home": busy.organization.pk}
    along, rest = ("open_offer__to_team__calendar", "custodian__user"), "WHERE one.organization_id = %(home)s"
    with django_assert_num_queries(1):
        found = records(Handoff, f"{rest} ORDER BY one.id", given, *along, leaving=("summary", "custodian__name"))
        told = [
            (it.open_offer and it.open_offer.to_team.calendar.zone, it.custodian and it.custodian.user) for it in found
        ]
    usual = Handoff.objects.select_related(*along).order_by("id")
    assert told == [
        (it.open_offer and it.open_offer.to_team.calendar.zone, it.custodian and it.custodian.user) for it in usual
    ]
    assert len({zone for zone, _ in told}) > 1, "some have no open offer"
    held = next(it for it in found if it.custodian)
    with django_assert_num_queries(2):
        assert (held.summary, bool(held.custodian and held.custodian.name)) == ("", True)


def test_elsewhere_there_are_no_such_rows(busy: World) -> None:
    elsewhere = Organization.objects.exclude(pk=busy.organization.pk).first()
    ids = list(Handoff.objects.values_list("id", flat=True))
    assert by_ids(Handoff, elsewhere.pk if elsewhere else busy.organization.pk, []) == {}
    assert elsewhere is None or by_ids(Handoff, elsewhere.pk, ids) == {}


def test_faces_with_a_template(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    handoff = actions.draft(
        world.projects, by=world.ana, at=world.now, title="With a template", template=world.template("sbar")
    )
    with django_assert_num_queries(5):
        shown = with_faces(handoff.organization_id, [handoff.pk])[handoff.pk]
        assert shown.template_version
        assert shown.template_version.template.name
