"""Paired worlds: the same people under two scenarios, draw for draw."""
