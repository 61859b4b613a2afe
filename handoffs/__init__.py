"""The product: handoffs, who answers for them, and how long they wait."""
