"""Studies drawn from the simulated world, and what is true in it."""
