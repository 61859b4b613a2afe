"""The pages of insight: where work waits, what comes back, and what to change."""
