"""The addresses of the pages: below an organization's address, but for the start and what one comes to by a link."""

from django.urls import include, path, re_path

from portal.pages import (
    absences,
    beginning,
    delivery,
    demo,
    find,
    first_steps,
    inbox,
    invitations,
    notifications,
    settings,
    start,
)
from portal.pages.administration.organization import logo
from portal.pages.ahead import AheadPage
from portal.pages.boards import Board
from portal.pages.case_new import NewCase
from portal.pages.case_verbs import CaseVerbPage
from portal.pages.cases import CasePage, Cases
from portal.pages.documents import DocumentPage, PreviewPage
from portal.pages.handoff import HandoffPage
from portal.pages.insight.lane import LanePage
from portal.pages.insight.log import LogFile
from portal.pages.insight.mine import Mine
from portal.pages.insight.overview import Overview
from portal.pages.insight.template import TemplatePage
from portal.pages.insight.uploads import BringIn, ChooseColumns, Discard, LogPage, Uploads
from portal.pages.insight.views import ViewPage
from portal.pages.join import join_page
from portal.pages.new import New
from portal.pages.receipt import Receipt, ReceiptPdf
from portal.pages.stop import stop
from portal.pages.styleguide import styleguide
from portal.pages.together import Together
from portal.pages.verbs import VerbPage
from portal.pages.why import WhyThen
from portal.pages.workspaces import WorkspacePage

urlpatterns = [
    path("", start.home, name="inbox"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("held/", inbox.Held.as_view(), name="held"),
    path("sent/", inbox.Sent.as_view(), name="sent"),
    path("handoffs/", find.Find.as_view(), name="find"),
    path("handoffs/views/", find.SaveView.as_view(), name="view_save"),
    path("handoffs/views/<int:pk>/drop/", find.DropView.as_view(), name="view_drop"),
    path("handoffs/together/", Together.as_view(), name="together"),
    path("handoffs/new/", New.as_view(), name="handoff_new"),
    path("handoffs/<str:reference>/", HandoffPage.as_view(), name="handoff"),
    path("handoffs/<str:reference>/documents/<uuid:uid>/", DocumentPage.as_view(), name="document"),
    path("handoffs/<str:reference>/documents/<uuid:uid>/<slug:size>.png", PreviewPage.as_view(), name="preview"),
    path("handoffs/<str:reference>/messages/<int:pk>/again/", delivery.TryAgain.as_view(), name="message_again"),
    path("handoffs/<str:reference>/clocks/<int:pk>/", WhyThen.as_view(), name="why_then"),
    path("handoffs/<str:reference>/receipt/", Receipt.as_view(), name="receipt"),
    path("handoffs/<str:reference>/receipt.pdf", ReceiptPdf.as_view(), name="receipt_pdf"),
    path("handoffs/<str:reference>/forecast/", AheadPage.as_view(), name="ahead"),
    path("handoffs/<str:reference>/<slug:verb>/", VerbPage.as_view(), name="verb"),
    path("flows/", include("portal.pages.flows.urls")),
    path("cases/", Cases.as_view(), name="cases"),
    path("cases/new/", NewCase.as_view(), name="case_new"),
    path("cases/<str:reference>/", CasePage.as_view(), name="case"),
    path("cases/<str:reference>/<slug:verb>/", CaseVerbPage.as_view(), name="case_verb"),
    path("flows/<int:pk>/board/", Board.as_view(), name="board"),
    path("workspaces/<int:pk>/", WorkspacePage.as_view(), name="workspace"),
    path("insight/", Overview.as_view(), name="insight"),
    path("insight/mine/", Mine.as_view(), name="insight_mine"),
    path("insight/logs/", Uploads.as_view(), name="logs"),
    path("insight/logs/<uuid:uid>/", LogPage.as_view(), name="log"),
    path("insight/logs/<uuid:uid>/columns/", ChooseColumns.as_view(), name="log_columns"),
    path("insight/logs/<uuid:uid>/bring/", BringIn.as_view(), name="log_bring"),
    path("insight/logs/<uuid:uid>/discard/", Discard.as_view(), name="log_discard"),
    path("insight/by/<str:view>/", ViewPage.as_view(), name="insight_view"),
    path("insight/templates/<int:pk>/", TemplatePage.as_view(), name="insight_template"),
    path("insight/log.<str:ending>", LogFile.as_view(), name="insight_log"),
    path("insight/lanes/<str:lane>/", LanePage.as_view(), name="insight_lane"),
    path("notifications/", notifications.Notifications.as_view(), name="notifications"),
    path("notifications/read/", notifications.Read.as_view(), name="notifications_read"),
    path("settings/", include("portal.pages.administration.urls")),
    path("settings/", settings.Settings.as_view(), name="settings"),
    path("settings/you/", settings.You.as_view(), name="you"),
    path("settings/absences/", absences.AbsencePage.as_view(), name="absences"),
    path("settings/absences/<int:pk>/cancel/", absences.Cancel.as_view(), name="absence_cancel"),
    path("settings/tokens/<int:pk>/revoke/", settings.Revoke.as_view(), name="token_revoke"),
    path("settings/delivery/", delivery.Delivery.as_view(), name="delivery"),
    path("settings/chat/", delivery.Rooms.as_view(), name="chat"),
    path("settings/chat/<int:pk>/close/", delivery.CloseRoom.as_view(), name="chat_close"),
    path("settings/invitations/", invitations.Invitations.as_view(), name="invitations"),
    path("settings/invitations/<int:pk>/again/", invitations.SendAgain.as_view(), name="invitation_again"),
    path("settings/invitations/<int:pk>/withdraw/", invitations.Withdraw.as_view(), name="invitation_withdraw"),
    path("begin/", beginning.ask, name="begin"),
    path("begin/<str:token>/", beginning.begin, name="begin_here"),
    path("settings/first-steps/", first_steps.FirstSteps.as_view(), name="first_steps"),
    path("settings/clients/new/", first_steps.NewClient.as_view(), name="client_new"),
    path("join/<str:key>/", join_page, name="join"),
    path("digests/stop/<str:token>/", stop, name="stop_digests"),
    re_path(r"^logos/(?P<digest>[0-9a-f]{64})\.png$", logo, name="logo"),
    path("styleguide/", styleguide, name="styleguide"),
]
