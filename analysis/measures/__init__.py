"""Measures of networks and of studies, with their intervals."""
