"""Arranging the organization without the admin: members, teams, workspaces, calendars, the organization itself."""
