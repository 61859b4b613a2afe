"""Forms of the flow editor."""
