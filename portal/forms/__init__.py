"""What people fill in: each form gives the words that one action needs."""
