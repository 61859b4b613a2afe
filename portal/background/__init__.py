"""Background work that any process of it may die of: the queue in the database, and the processes that empty it."""
