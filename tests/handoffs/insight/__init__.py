"""Figures, and event logs in and out."""
