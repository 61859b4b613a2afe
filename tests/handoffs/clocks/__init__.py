"""Working time and running promises."""
