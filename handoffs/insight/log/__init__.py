"""The log of an organization for process mining: what is told, and the formats in which it is written."""
