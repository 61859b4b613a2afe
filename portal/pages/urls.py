"""The addresses of the pages, below an organization's address except for the first two."""

from django.urls import path

from portal.pages import demo, inbox, start
from portal.pages.handoff import HandoffPage
from portal.pages.verbs import VerbPage

urlpatterns = [
    path("", start.home, name="inbox"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("held/", inbox.Held.as_view(), name="held"),
    path("sent/", inbox.Sent.as_view(), name="sent"),
    path("handoffs/<str:reference>/", HandoffPage.as_view(), name="handoff"),
    path("handoffs/<str:reference>/<slug:verb>/", VerbPage.as_view(), name="verb"),
]
