"""The receipt: parties, times, what was read back, digests and the ledger's head; nothing of it before acceptance."""

import pytest
from PIL import ImageFile

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from portal import pdf
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World


@pytest.fixture
def full(world: World) -> Handoff:
    """Offered, returned, offered again, accepted, completed; with an internal note and an internal document."""
    handoff = world.handoff(State.RETURNED)
    handoff = actions.offer(handoff, by=world.ana, at=world.later(hours=1), to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    return actions.complete(handoff, by=world.ben, at=world.later(hours=1))


def test_it_tells_who_handed_what_to_whom_and_when(full: Handoff, visit: Visit) -> None:
    page = visit("ana").read(f"handoffs/{full.reference}/receipt/")
    fresh = Handoff.objects.get(pk=full.pk)
    for words in ("Receipt HO-", full.title, "Returned by Ben", "Accepted by Ben", "Completed", fresh.ledger_head):
        assert words in page, words
    assert "<script" not in page.replace('<script type="module"', "").replace("<script src", "")
    assert f'href="/o/fjord/handoffs/{full.reference}/receipt/"' in visit("ana").read(f"handoffs/{full.reference}/")


def test_before_acceptance_there_is_none(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.RETURNED)
    answer = visit("ana").get(f"handoffs/{handoff.reference}/receipt/")
    assert answer.status_code == 409
    assert 'data-code="not_accepted"' in answer.content.decode()
    answer = visit("ana").get(f"handoffs/{handoff.reference}/receipt.pdf")
    assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/handoffs/{handoff.reference}/receipt/")


def test_it_is_saved_as_pdf(full: Handoff, visit: Visit) -> None:
    answer = visit("ana").get(f"handoffs/{full.reference}/receipt.pdf")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{full.reference}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 5_000


def test_making_one_leaves_pictures_strict(full: Handoff, visit: Visit) -> None:
    """WeasyPrint would have Pillow take pictures that are cut off, logos among them."""
    pdf.pdf_of("<p>Nothing</p>", "handrail/css/receipt.css")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_where_no_pdf_can_be_made_the_page_is_offered(
    full: Handoff, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    ana = visit("ana")
    assert "receipt.pdf" not in ana.read(f"handoffs/{full.reference}/receipt/")
    assert ana.get(f"handoffs/{full.reference}/receipt.pdf").status_code == 303
    assert "print this page instead" in ana.read(f"handoffs/{full.reference}/receipt/")


def test_a_pdf_fetches_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever somebody wrote, this server asks no address and opens no file while it makes one."""
    written = '<p>x</p><img src="file:///etc/hostname"><img src="http://127.0.0.1:1/x.png">'
    assert pdf.pdf_of(written, "handrail/css/receipt.css").startswith(b"%PDF-")
    refused = [record.getMessage() for record in caplog.records if "Failed to load image" in record.getMessage()]
    assert len(refused) == 2


def test_a_client_finds_nothing_internal(world: World, visit: Visit) -> None:
    handoff = actions.draft(world.northwind, by=world.ana, at=world.now, title="For the client")
    actions.note(handoff, by=world.ana, at=world.now, body="They pay late", internal=True)
    handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Northwind"))
    handoff = actions.accept(handoff, by=world.cleo, at=world.later(hours=1))
    page = visit("cleo").read(f"handoffs/{handoff.reference}/receipt/")
    assert "Accepted by Cleo" in page
    assert "They pay late" not in page


@pytest.mark.parametrize("path", ["receipt/", "receipt.pdf"])
def test_it_is_for_those_who_see_the_handoff(path: str, full: Handoff, visit: Visit) -> None:
    seen = {
        name: visit(name).get(f"handoffs/{full.reference}/{path}").status_code
        for name in ("vic", "ben", "nils", "cleo")
    }
    assert seen == {"vic": 200, "ben": 200, "nils": 404, "cleo": 404}
    assert visit("stan").get(f"handoffs/{full.reference}/{path}").status_code == 404
    assert visit("ana").post(f"handoffs/{full.reference}/{path}").status_code == 405


def test_the_queries_are_counted(full: Handoff, visit: Visit) -> None:
    ana = visit("ana")
    ana.read(f"handoffs/{full.reference}/receipt/")
    with pinned("receipt_page"):
        ana.read(f"handoffs/{full.reference}/receipt/")
