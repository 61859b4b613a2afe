"""Finding handoffs by the words in them, each reader only by words that they may read."""
