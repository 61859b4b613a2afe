"""What makes no sense is answered, never with a server error."""

from typing import Any

import pytest

from handoffs.lifecycle import State
from handoffs.models import Ladder
from tenants.actions import issue_token
from tests.portal.admin.conftest import Visitor
from tests.world import World

LISTS = (
    "handoffs/case/",
    "handoffs/flow/",
    "handoffs/handoff/",
    "handoffs/handofftemplate/",
    "handoffs/ladder/",
    "tenants/calendar/",
    "tenants/invitation/",
    "tenants/member/",
    "tenants/team/",
    "tenants/token/",
    "tenants/workspace/",
)
HUGE = "9" * 30
QUERIES: tuple[dict[str, Any], ...] = (
    {"q": "\x00"},
    {"q": "x" * 5000},
    {"q": "%_\\'\""},
    {"q": f"HO-{HUGE}"},
    {"p": "x"},
    {"p": "-1"},
    {"p": HUGE},
    {"o": "99.-99.x"},
    {"all": "1"},
    {"e": "1"},
    {"_popup": "1", "_to_field": "token_hash"},
    {"_to_field": "organization"},
    {"_changelist_filters": "\x00"},
    {"state__exact": "\x00"},
    {"state__exact": "nonsense"},
    {"workspace__id__exact": "x"},
    {"workspace__id__exact": HUGE},
    {"custodian__id__exact": "-1"},
    {"role__exact": ["a", "b"]},
    {"kind__exact": ""},
    {"organization__slug": "elsewhere"},
    {"user__password__startswith": "p"},
    {"nonsense__gt": "1"},
)


@pytest.mark.parametrize("path", LISTS)
def test_any_query_of_a_list_is_answered(world: World, olga: Visitor, path: str) -> None:
    for query in QUERIES:
        assert olga.get(path, **query).status_code < 500, query


@pytest.mark.parametrize("key", ["0", "-1", HUGE, "x", "1_5F", "%00", "1/../2", "%F0%9F%98%80", "1' or '1'='1"])
def test_any_key_is_answered(world: World, olga: Visitor, key: str) -> None:
    for path in LISTS:
        assert olga.client.get(f"{olga.home}{path}{key}/change/").status_code < 500
        assert olga.client.post(f"{olga.home}{path}{key}/change/", {"name": "x"}).status_code < 500
        assert olga.client.post(f"{olga.home}{path}{key}/leave/").status_code < 500
    assert olga.client.get(f"{olga.home}handoffs/handoff/{key}/do/note/").status_code < 500


def test_any_question_of_the_autocomplete_is_answered(world: World, olga: Visitor) -> None:
    asked = {"app_label": "tenants", "model_name": "team", "field_name": "lead"}
    questions: tuple[dict[str, str], ...] = (
        {},
        asked,
        {**asked, "term": "\x00"},
        {**asked, "page": "x"},
        {**asked, "page": HUGE},
        {**asked, "field_name": "group"},
        {**asked, "app_label": "auth", "model_name": "group", "field_name": "permissions"},
        {"app_label": "x", "model_name": "y", "field_name": "z"},
    )
    for question in questions:
        assert olga.get("autocomplete/", **question).status_code < 500, question


def _forms(world: World) -> list[str]:
    token, _ = issue_token(member=world.olga, name="Mine", by=world.olga, at=world.now)
    handoff = world.handoff(at=State.OFFERED)
    ladder = Ladder.objects.get(organization=world.organization)
    changes = [
        f"tenants/team/{world.team('Sales').pk}/change/",
        f"tenants/member/{world.ana.pk}/change/",
        f"tenants/member/{world.ana.pk}/leave/",
        f"tenants/calendar/{world.calendar.pk}/change/",
        f"tenants/workspace/{world.projects.pk}/change/",
        f"tenants/token/{token.pk}/revoke/",
        f"handoffs/handofftemplate/{world.template('sbar').template_id}/change/",
        f"handoffs/handofftemplate/{world.template('sbar').template_id}/revise/",
        f"handoffs/templateversion/{world.template('sbar').pk}/change/",
        f"handoffs/ladder/{ladder.pk}/change/",
        *(f"handoffs/handoff/{handoff.pk}/do/{verb}/" for verb in ("take_over", "note", "attach", "link", "pass_on")),
    ]
    return changes + [f"{path}add/" for path in LISTS]


RUBBISH = ("\x00", "x" * 30_000, HUGE, "-1", "[]", "💥", "{{", "<script>", "2026-99-99")


@pytest.mark.parametrize(
    ("shift", "stride"), [(0, 5), *(pytest.param(shift, 1, marks=pytest.mark.long) for shift in (0, 4))]
)
def test_any_words_in_a_form_are_answered(world: World, olga: Visitor, shift: int, stride: int) -> None:
    """One field at a time; every day each fifth of them."""
    number = shift
    for path in _forms(world):
        answer = olga.get(path)
        form = olga.form(path) if answer.status_code == 200 else {"note": [""]}
        for name in sorted(form.keys() - {"csrfmiddlewaretoken"}):
            if name.endswith("_FORMS"):
                continue
            number += 1
            if number % stride:
                continue
            rubbish = RUBBISH[number // stride % len(RUBBISH)]
            assert olga.post(path, {**form, name: [rubbish]}).status_code < 500, (path, name, rubbish[:20])


@pytest.mark.parametrize("count", ["", "x", "-1", HUGE, "0"])
def test_any_count_of_rows_is_answered(world: World, olga: Visitor, count: str) -> None:
    for path, prefix in (
        (f"tenants/team/{world.team('Sales').pk}/change/", "memberships"),
        (f"handoffs/ladder/{Ladder.objects.get(organization=world.organization).pk}/change/", "rungs"),
    ):
        form = olga.form(path)
        for what in ("TOTAL", "INITIAL"):
            answer = olga.post(path, {**form, f"{prefix}-{what}_FORMS": [count]})
            assert answer.status_code < 500
            assert len(answer.content) < 10_000_000
    assert olga.post(f"tenants/team/{world.team('Sales').pk}/change/").status_code < 500
