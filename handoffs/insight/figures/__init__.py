"""The figures of insight: one function each, reads only, over what is kept behind the ledger. See docs/metrics.md."""
