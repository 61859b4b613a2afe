import os
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tenants.models import *
from tenants.scope import scope
from handoffs.models import *
from handoffs.lifecycle import State
from handoffs.actions.templates import revise
from tenants.actions import *
from tests.world import World


def cookie(user):
    s = SessionStore()
    s[SESSION_KEY] = str(user.pk)
    s[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    s[HASH_SESSION_KEY] = user.get_session_auth_hash()
    s.save()
    return s.session_key


import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="session")
def prepared(site, django_db_blocker):
    with django_db_blocker.unblock():
        org = site.organization
        with scope(org):
            w = World(org)
            h = w.handoff(at=State.OFFERED)
            for st in State:
                w.handoff(at=st, title=f"Onboarding of Aker Solutions {st}")
            draft = revise(template=w.template("sbar").template, by=w.olga, at=w.now)
            invite(email="new@fjord.example", by=w.olga, at=w.now)
            s = add_service(name="Billing sync", by=w.olga, at=w.now)
            t, _ = issue_token(member=s, name="Nightly", by=w.olga, at=w.now)
            paths = {
                "index": "",
                "handoffs": "handoffs/handoff/",
                "handoff": f"handoffs/handoff/{Handoff.objects.get(title__contains='on_hold').pk}/change/",
                "takeover": f"handoffs/handoff/{h.pk}/do/take_over/",
                "note": f"handoffs/handoff/{h.pk}/do/note/",
                "attach": f"handoffs/handoff/{h.pk}/do/attach/",
                "teams": "tenants/team/",
                "team": f"tenants/team/{w.team('Onboarding').pk}/change/",
                "teamadd": "tenants/team/add/",
                "members": "tenants/member/",
                "member": f"tenants/member/{w.ana.pk}/change/",
                "leave": f"tenants/member/{w.ana.pk}/leave/",
                "calendars": "tenants/calendar/",
                "calendar": f"tenants/calendar/{w.calendar.pk}/change/",
                "workspaces": "tenants/workspace/",
                "workspace": f"tenants/workspace/{w.projects.pk}/change/",
                "templates": "handoffs/handofftemplate/",
                "template": f"handoffs/handofftemplate/{draft.template_id}/change/",
                "draft": f"handoffs/templateversion/{draft.pk}/change/",
                "published": f"handoffs/templateversion/{w.template('sbar').pk}/change/",
                "publish": f"handoffs/templateversion/{draft.pk}/publish/",
                "ladders": "handoffs/ladder/",
                "ladder": f"handoffs/ladder/{Ladder.objects.first().pk}/change/",
                "ladderadd": "handoffs/ladder/add/",
                "invitations": "tenants/invitation/",
                "invitation": f"tenants/invitation/{Invitation.objects.first().pk}/change/",
                "inviteadd": "tenants/invitation/add/",
                "tokens": "tenants/token/",
                "token": f"tenants/token/{t.pk}/change/",
            }
        key = (
            cookie(User.objects.get(email=f"olga@{org.slug}.example"))
            if User.objects.filter(email=f"olga@{org.slug}.example").exists()
            else None
        )
    return paths, key


def test_shots(site, prepared, chromium):
    paths, key = prepared
    only = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else paths
    for theme in os.environ.get("THEMES", "light").split(","):
        ctx = chromium.new_context(
            viewport={"width": int(os.environ.get("W", "1440")), "height": 900}, color_scheme=theme
        )
        ctx.add_cookies([{"name": "sessionid", "value": key, "url": site.address}])
        page = ctx.new_page()
        page.on(
            "console",
            lambda m: print("CONSOLE", name, m.type, m.text[:300]) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda e: print("PAGEERROR", name, str(e)[:300]))
        page.on("requestfailed", lambda r: print("FAILED", name, r.url))
        for name in only:
            r = page.goto(f"{site.home}admin/{paths[name]}")
            page.wait_for_timeout(400)
            page.screenshot(path=f"/tmp/shots/{name}-{theme}{os.environ.get('W', '')}.png", full_page=True)
            print(name, r.status)
