"""From the outbox to people: who is told of an event, in the portal and by mail."""
