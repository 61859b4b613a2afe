"""Who, and whose: organizations, their people, and the wall between them."""
