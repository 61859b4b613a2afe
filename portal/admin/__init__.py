"""The admin: how those who run an organization arrange it, one action behind every button."""
