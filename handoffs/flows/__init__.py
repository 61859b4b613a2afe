"""Processes made of handoffs: their definition, their running cases, and what comes next."""
