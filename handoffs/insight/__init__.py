"""Reads only: where work waits, and event logs in and out."""
