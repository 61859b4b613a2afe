"""Who answers for a handoff, and how that passes from one member to the next."""
