"""Flows: definition, checks, formats."""
