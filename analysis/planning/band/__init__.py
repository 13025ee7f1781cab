"""What the world's parameters leave uncertain in a plan."""
