"""Real processes, really killed: no alarm is lost, none comes twice, none early."""
