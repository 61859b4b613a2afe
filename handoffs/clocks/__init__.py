"""Running promises in working time."""
