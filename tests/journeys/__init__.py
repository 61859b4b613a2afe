"""Journeys: people at work in a real browser."""
