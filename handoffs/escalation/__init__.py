"""Who is told when a promise is about to break or has broken."""
