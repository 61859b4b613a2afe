"""The append-only ledger: timeline, audit trail, metric source and outbox at once."""
