"""Whether the world agrees with what is published."""
