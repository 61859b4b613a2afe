"""What is kept for insight: figures of each offer and of each lane's weeks, so that a page need not read the ledger."""
