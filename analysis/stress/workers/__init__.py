"""Processes that run a user's code: kept apart, watched, and never left behind."""
