"""Patterns."""

PATTERNS = ()
