"""The search for a number of people, or for an effect."""
