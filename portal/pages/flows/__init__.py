"""Pages of flows: reading them, and writing them step by step."""
