"""Event logs: reading them, and bringing them in."""
