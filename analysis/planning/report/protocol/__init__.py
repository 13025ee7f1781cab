"""Texts for a protocol."""
