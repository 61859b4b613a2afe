"""The addresses of the API. Each ends with a slash and works without it too."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import URLPattern, path, re_path

from handoffs.lifecycle import Verb
from portal.api import cases, directory, docs, flow_versions, flows, handoffs, notices, preferences, templates, time
from portal.api.case_verbs import CASE_DEEDS, case_view_of
from portal.api.verbs import view_of

app_name = "api"
_ONE = "v1/handoffs/<str:reference>"
_FLOW = "v1/flows/<int:flow>"
_VERSION = f"{_FLOW}/versions/<int:number>"
_CASE = "v1/cases/<str:reference>"


def _both(route: str, view: Callable[..., Any], name: str) -> Iterable[URLPattern]:
    return path(f"{route}/", view, name=name), path(route, view)


urlpatterns = [
    *_both("v1/handoffs", handoffs.Handoffs.as_view(), "handoffs"),
    *_both(_ONE, handoffs.OneHandoff.as_view(), "handoff"),
    *_both(f"{_ONE}/events", handoffs.Events.as_view(), "events"),
    *_both(f"{_ONE}/time", time.Time.as_view(), "time"),
    *_both(f"{_ONE}/clocks/<int:clock>", time.OneClock.as_view(), "clock"),
    *_both(f"{_ONE}/sharing", handoffs.Shared.as_view(), "sharing"),
    *_both(f"{_ONE}/documents/<uuid:uid>", handoffs.OneDocument.as_view(), "document"),
    *(p for verb in Verb if verb is not Verb.DRAFT for p in _both(f"{_ONE}/{verb}", view_of(verb), verb.value)),
    *_both("v1/flows", flows.Flows.as_view(), "flows"),
    *_both("v1/flow_schema", flows.FlowSchema.as_view(), "flow_schema"),
    *_both("v1/flow_file_schema", flows.FlowFileSchema.as_view(), "flow_file_schema"),
    *_both(_FLOW, flows.OneFlow.as_view(), "flow"),
    *_both(f"{_FLOW}/revise", flow_versions.Revise.as_view(), "flow_revise"),
    *_both(f"{_FLOW}/versions", flow_versions.Versions.as_view(), "flow_versions"),
    *_both(_VERSION, flow_versions.OneVersion.as_view(), "flow_version"),
    *_both(f"{_VERSION}/file", flow_versions.FlowFile.as_view(), "flow_file"),
    *_both(f"{_VERSION}/bpmn", flow_versions.BpmnFile.as_view(), "flow_bpmn"),
    *_both(f"{_VERSION}/write", flow_versions.Write.as_view(), "flow_write"),
    *_both(f"{_VERSION}/publish", flow_versions.Publish.as_view(), "flow_publish"),
    *_both("v1/cases", cases.Cases.as_view(), "cases"),
    *_both(_CASE, cases.OneCase.as_view(), "case"),
    *_both(f"{_CASE}/timeline", cases.Timeline.as_view(), "case_timeline"),
    *(p for verb in CASE_DEEDS for p in _both(f"{_CASE}/{verb}", case_view_of(verb), f"case_{verb}")),
    *_both("v1/templates", templates.Templates.as_view(), "templates"),
    *_both("v1/templates/<int:template_id>/versions/<int:number>", templates.OneVersion.as_view(), "template"),
    *_both("v1/workspaces", directory.Workspaces.as_view(), "workspaces"),
    *_both("v1/teams", directory.Teams.as_view(), "teams"),
    *_both("v1/members", directory.Members.as_view(), "members"),
    *_both("v1/me", directory.Me.as_view(), "me"),
    *_both("v1/notices", notices.Notices.as_view(), "notices"),
    *_both("v1/notices/read", notices.ReadNotices.as_view(), "notices_read"),
    *_both("v1/notices/<int:notice>/read", notices.ReadNotice.as_view(), "notice_read"),
    *_both("v1/preferences", preferences.Preferences.as_view(), "preferences"),
    *_both("schema", docs.Schema.as_view(), "schema"),
    *_both("docs", docs.docs, "docs"),
    re_path("", docs.Nowhere.as_view(), name="nowhere"),
]
