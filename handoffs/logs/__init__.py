"""Event logs that people bring: the file, what its columns mean, and its rows until they are handoffs or discarded."""
