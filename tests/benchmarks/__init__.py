"""How fast it is, beside hand-written SQL in the same run: `make bench`."""
