"""The addresses of administration, below settings/."""

from django.urls import path

from portal.pages.administration import calendars, member, members, organization, teams, workspaces

urlpatterns = [
    path("members/", members.Members.as_view(), name="members"),
    path("members/<int:pk>/", member.MemberPage.as_view(), name="member"),
    path("members/<int:pk>/place/", member.ChangePlace.as_view(), name="member_place"),
    path("members/<int:pk>/teams/", member.JoinTeam.as_view(), name="member_team"),
    path("members/<int:pk>/teams/leave/", member.LeaveTeam.as_view(), name="member_team_leave"),
    path("members/<int:pk>/absences/", member.BeAway.as_view(), name="member_absence"),
    path("members/<int:pk>/absences/cancel/", member.BeBack.as_view(), name="member_absence_cancel"),
    path("members/<int:pk>/leave/", member.Leave.as_view(), name="member_leave"),
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/new/", teams.NewTeam.as_view(), name="team_new"),
    path("teams/<int:pk>/", teams.TeamPage.as_view(), name="team"),
    path("teams/<int:pk>/change/", teams.ChangeTeam.as_view(), name="team_change"),
    path("teams/<int:pk>/members/", teams.AddMember.as_view(), name="team_add"),
    path("teams/<int:pk>/members/remove/", teams.RemoveMember.as_view(), name="team_remove"),
    path("teams/<int:pk>/lead/", teams.ChangeLead.as_view(), name="team_lead"),
    path("workspaces/", workspaces.Workspaces.as_view(), name="workspaces"),
    path("workspaces/new/", workspaces.NewWorkspace.as_view(), name="workspace_new"),
    path("workspaces/<int:pk>/", workspaces.WorkspaceSettings.as_view(), name="workspace_settings"),
    path("workspaces/<int:pk>/change/", workspaces.ChangeWorkspace.as_view(), name="workspace_change"),
    path("workspaces/<int:pk>/let-in/", workspaces.LetIn.as_view(), name="workspace_let_in"),
    path("workspaces/<int:pk>/grants/", workspaces.ChangeGrants.as_view(), name="workspace_grant"),
    path("calendars/", calendars.Calendars.as_view(), name="calendars"),
    path("calendars/new/", calendars.NewCalendar.as_view(), name="calendar_new"),
    path("calendars/<int:pk>/", calendars.CalendarPage.as_view(), name="calendar"),
    path("calendars/<int:pk>/change/", calendars.ChangeCalendar.as_view(), name="calendar_change"),
    path("organization/", organization.OrganizationPage.as_view(), name="organization"),
    path("organization/logo/", organization.LogoPage.as_view(), name="logo_set"),
    path("organization/logo/remove/", organization.RemoveLogo.as_view(), name="logo_remove"),
]
