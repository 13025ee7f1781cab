"""Money, people and the cheapest design."""
