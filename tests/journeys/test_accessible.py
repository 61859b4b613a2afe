"""Every page in light, in dark and on a phone: axe finds nothing, nothing hangs over the edge, no policy is broken."""

import pytest
from django.core.files.base import ContentFile
from django.core.signing import dumps
from django.utils import timezone

from handoffs import actions, keeping
from handoffs.actions import logs
from handoffs.lifecycle import State
from handoffs.logs.columns import Columns
from handoffs.models import Handoff
from portal.beginning import SALT
from tenants.actions import invite
from tenants.scope import scope
from tests.journeys.conftest import OWNER, Desk, Site
from tests.journeys.looking import WIDTHS, faults_of
from tests.onboarding import install, intake_done, launched, live
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def full(world: World) -> Handoff:
    """A handoff with something in every part of its page."""
    ana, ben = world.ana, world.ben
    made = actions.draft(
        world.projects,
        by=ana,
        at=world.now,
        title="Signed contract to onboarding",
        summary="Northwind signed on Friday.\n\nThey want the kick-off in the first week.",
        template=world.template("sales_onboarding"),
        context={
            "contract_value": "48000",
            "start_date": "2026-12-01",
            "billing_contact": "ap@northwind.example",
            "promises": "A kick-off in the first week",
            "margin": "Forty per cent",
        },
    )
    for item in ("scope_agreed", "billing_confirmed"):
        actions.tick(made, by=ana, at=world.later(minutes=1), item=item)
    for name, content in (("contract.pdf", PDF), ("contract.pdf", PDF + b"\n")):
        file = ContentFile(content, name=name)
        actions.attach(made, by=ana, at=world.later(minutes=1), file=file, name=name, slot="contract")
    actions.link(made, by=ana, at=world.later(minutes=1), url="https://crm.example/4711", label="The deal")
    actions.offer(made, by=ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    for n in ("May we bill monthly?", "Who signs the access list?"):
        actions.ask(made, by=ben, at=world.later(minutes=1), body=n)
    first = made.questions.earliest("id")
    actions.answer(made, by=ana, at=world.later(minutes=1), question=first.id, body="Yes, from the 1st.")
    return actions.note(made, by=ana, at=world.later(minutes=1), body="They pay late", internal=True)


def cases(world: World) -> tuple[int, str, str, str]:
    """A flow with a case under way and another at its start: its id, and what is looked at."""
    version = install(world)
    case, beginning = launched(world, version), launched(world, version, title="Contoso comes on board")
    intake_done(world, case)
    intake = actions.accept(live(beginning, "intake"), by=world.ben, at=world.later(minutes=1))
    return version.flow_id, case.reference, live(case, "papers").reference, intake.reference


# By area and by name: who looks at a page, and where it is.
Pages = dict[str, dict[str, tuple[str, str]]]
AREAS = ("lists", "handoffs", "flows", "insight", "settings", "doors")


@pytest.fixture(scope="module")
def pages(site: Site, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Pages:
    """Each page by area and by name: who looks at it, and where it is."""
    with django_db_blocker.unblock(), scope(site.organization):  # type: ignore[attr-defined]
        world = World(site.organization)
        everything = full(world).reference
        draft = world.handoff(template=world.template("sales_onboarding"), title="Another contract").reference
        done = world.handoff(at=State.COMPLETED).reference
        held = world.handoff(at=State.ON_HOLD).reference
        returned = world.handoff(at=State.RETURNED).reference
        flow, case, papers, intake = cases(world)
        for _ in keeping.catch_up(site.organization.id, world.now):
            pass
        rows = ContentFile(b"case,activity,time,person,team\n1,Opened,2026-11-02 09:00,Ana,Sales\n1,Done,soon,,\n")
        log = logs.upload_log(file=rows, name="tickets.csv", by=world.olga, at=world.now)
        log = logs.choose_columns(log, columns=Columns(0, 1, 2, 3, 4), by=world.olga, at=world.now)
        logs.read_more(site.organization.id, log.id, at=world.now)
        kind = world.template("sales_onboarding").template_id
        lane = f"{world.team('Sales').id}-{world.team('Onboarding').id}"
        launch = f"cases/new/?flow={flow}&workspace={world.northwind.id}&internal_workspace={world.projects.id}"
        _, key = invite(email="nora@fjord.example", by=world.olga, at=timezone.now())
        new = f"handoffs/new/?workspace={world.projects.id}&template={world.template('on_call').id}"
        return {
            "lists": {
                "inbox": ("ana", ""),
                "held": ("ana", "held/"),
                "sent": ("ana", "sent/"),
                "find": ("ben", "handoffs/?q=con&box=waiting"),
                "choose": ("ana", "handoffs/new/"),
                "new": ("ana", new),
                "workspace": ("ana", f"workspaces/{world.projects.id}/"),
                "notifications": ("ana", "notifications/"),
            },
            "handoffs": {
                "asked": ("ana", f"handoffs/{everything}/"),
                "waiting": ("ben", f"handoffs/{everything}/"),
                "forecast": ("ben", f"handoffs/{everything}/forecast/"),
                "draft": ("ana", f"handoffs/{draft}/"),
                "done": ("ana", f"handoffs/{done}/"),
                "receipt": ("ana", f"handoffs/{done}/receipt/"),
                "on hold": ("ben", f"handoffs/{held}/"),
                "returned": ("ana", f"handoffs/{returned}/"),
                "return": ("ben", f"handoffs/{everything}/return/"),
                "offer": ("ana", f"handoffs/{draft}/offer/"),
                "share": ("ana", f"handoffs/{draft}/share/"),
                "edit": ("ana", f"handoffs/{draft}/edit/"),
                "attach": ("ana", f"handoffs/{draft}/attach/?slot=contract"),
                "refused": ("ana", f"handoffs/{done}/return/"),
            },
            "flows": {
                "cases": ("ana", "cases/"),
                "case": ("ana", f"cases/{case}/"),
                "step": ("ana", f"handoffs/{papers}/"),
                "complete step": ("ben", f"handoffs/{intake}/complete/"),
                "skip": ("ana", f"cases/{case}/skip/"),
                "reassign": ("ana", f"cases/{case}/reassign/"),
                "add step": ("ana", f"cases/{case}/add_step/"),
                "new case": ("ana", "cases/new/"),
                "launch": ("ana", launch),
                "board": ("ana", f"flows/{flow}/board/"),
                "board as a table": ("ana", f"flows/{flow}/board/?show=table"),
            },
            "insight": {
                "insight": ("ana", "insight/?weeks=all"),
                "lane": ("ana", f"insight/lanes/{lane}/?weeks=all"),
                "own figures": ("ana", "insight/mine/?weeks=all"),
                "event logs": ("olga", "insight/logs/"),
                "event log": ("olga", f"insight/logs/{log.uid}/"),
                "by team": ("ana", "insight/by/teams/?weeks=all"),
                "template": ("ana", f"insight/templates/{kind}/?weeks=all"),
            },
            "settings": {
                "settings": ("ana", "settings/"),
                "how one is told": ("ana", "settings/delivery/"),
                "invitations": ("olga", "settings/invitations/"),
                "first steps": ("olga", "settings/first-steps/"),
                "new client": ("olga", "settings/clients/new/"),
                "members": ("olga", "settings/members/"),
                "member": ("olga", f"settings/members/{world.sam.id}/"),
                "leaving": ("olga", f"settings/members/{world.lea.id}/leave/"),
                "teams": ("olga", "settings/teams/"),
                "team": ("olga", f"settings/teams/{world.team('Onboarding').id}/"),
                "workspaces": ("olga", "settings/workspaces/"),
                "permissions": ("olga", f"settings/workspaces/{world.northwind.id}/"),
                "calendars": ("olga", "settings/calendars/"),
                "calendar": ("olga", f"settings/calendars/{world.calendar.id}/"),
                "organization": ("olga", "settings/organization/"),
            },
            "doors": {
                "own address": ("ana", "accounts/email/"),
                "second factor": ("ana", "accounts/2fa/"),
                "sessions": ("ana", "accounts/sessions/"),
                "join": ("", f"/join/{key}/"),
                "begin": ("", "/begin/"),
                "begin here": ("", f"/begin/{dumps('ida@harbour.example', salt=SALT)}/"),
                "code": ("", "/accounts/login/code/"),
                "forgotten password": ("", "/accounts/password/reset/"),
                "start": ("", "/"),
                "sign in": ("", "/accounts/login/"),
            },
        }


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page(width: str, area: str, site: Site, desk: Desk, pages: Pages) -> None:
    faults: list[str] = []
    people = {"": "", "ana": "ana@fjord.example", "ben": "ben@fjord.example", "olga": OWNER}
    visited = pages[area]
    windows = {who: desk(people[who], **WIDTHS[width]) for who in {who for who, _ in visited.values()}}
    for name, window in windows.items():
        window.on("console", lambda m, name=name: faults.append(f"{name}: {m.text}") if m.type == "error" else None)
    for page, (who, path) in visited.items():
        windows[who].goto(path if path.startswith("/") else site.home + path)
        faults += faults_of(windows[who], page)
    assert [fault for fault in faults if "409" not in fault] == []


def test_every_area_is_visited(pages: Pages) -> None:
    assert tuple(pages) == AREAS


@pytest.mark.parametrize("width", WIDTHS)
def test_a_form_over_its_handoff(width: str, site: Site, desk: Desk, pages: Pages) -> None:
    ben = desk("ben@fjord.example", **WIDTHS[width])
    ben.goto(site.home + pages["handoffs"]["waiting"][1])
    ben.get_by_role("link", name="Return", exact=True).click()
    ben.get_by_role("dialog", name="Return").wait_for()
    assert faults_of(ben, "return") == []
    ben.keyboard.press("Escape")
    ben.get_by_role("button", name="More").click()
    assert faults_of(ben, "more") == []
