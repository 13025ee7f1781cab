"""Closed forms beside the simulation."""
