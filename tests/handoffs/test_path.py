"""The first complete path: drafted, refused, mended, offered, returned, offered again, accepted, worked, completed."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Clock, Custody, Event, Offer
from handoffs.refusals import Incomplete, NotNow
from tests.world import World


def test_a_handoff_travels_from_sales_to_onboarding(world: World) -> None:
    ana, ben = world.ana, world.ben
    handoff = actions.draft(
        world.projects,
        by=ana,
        at=world.now,
        title="Signed contract to onboarding",
        template=world.template("sales_onboarding"),
        context={"contract_value": "48000", "start_date": "2026-12-01"},
    )
    with pytest.raises(Incomplete) as refusal:
        actions.offer(handoff, by=ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert {shortfall.key for shortfall in refusal.value.shortfalls} == {
        "billing_contact",
        "promises",
        "scope_agreed",
        "billing_confirmed",
        "contract",
    }

    handoff = actions.edit(
        handoff,
        by=ana,
        at=world.later(minutes=1),
        context={"billing_contact": "ap@northwind.example", "promises": "A kick-off in the first week"},
    )
    for item in ("scope_agreed", "billing_confirmed"):
        handoff = actions.tick(handoff, by=ana, at=world.later(minutes=1), item=item)
    pdf = ContentFile(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", name="contract.pdf")
    handoff = actions.attach(handoff, by=ana, at=world.later(minutes=1), file=pdf, name="contract.pdf", slot="contract")
    handoff = actions.offer(handoff, by=ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert handoff.status is State.OFFERED
    assert handoff.custodian == ana

    handoff = actions.view(handoff, by=ben, at=world.later(minutes=5))
    handoff = actions.return_(
        handoff, by=ben, at=world.later(minutes=5), reason="Who signs?", reason_code="missing_information"
    )
    assert handoff.status is State.RETURNED
    assert handoff.custodian == ana
    handoff = actions.offer(handoff, by=ana, at=world.later(minutes=5), to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=ben, at=world.later(minutes=5))
    assert handoff.status is State.ACCEPTED
    assert handoff.custodian == ben
    assert handoff.complete_due_at
    handoff = actions.start(handoff, by=ben, at=world.later(minutes=5))
    handoff = actions.tick(handoff, by=ben, at=world.later(minutes=5), item="welcome_sent")
    with pytest.raises(Incomplete):
        actions.complete(handoff, by=ben, at=world.later(minutes=5))
    handoff = actions.complete(
        handoff, by=ben, at=world.later(minutes=5), result={"kickoff_at": "2026-12-02T09:00+02:00"}
    )
    assert handoff.status is State.COMPLETED
    assert handoff.custodian is None

    assert [offer.state for offer in handoff.offers.order_by("seq")] == ["returned", "accepted"]
    rows = list(Custody.objects.filter(handoff=handoff).order_by("seq"))
    assert [row.holder for row in rows] == [ana, ben]
    assert rows[0].ended_at == rows[1].started_at
    assert not Clock.objects.filter(handoff=handoff, stopped_at__isnull=True).exists()
    assert not Offer.objects.open().exists()
    assert [event.seq for event in Event.objects.of(handoff.id)] == list(range(1, handoff.ledger_seq + 1))


@pytest.mark.parametrize("state", State)
def test_every_state_is_reached_by_real_actions(world: World, state: State) -> None:
    assert world.handoff(at=state).status is state


def test_a_loser_learns_who_holds_it(world: World) -> None:
    handoff = actions.offer(world.handoff(), by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    actions.accept(handoff, by=world.ben, at=world.now)
    with pytest.raises(NotNow) as refusal, transaction.atomic():
        actions.accept(handoff, by=world.bo, at=world.now)
    assert refusal.value.details["holder"] == "Ben"
    assert "Ben answers for it" in refusal.value.sentence
