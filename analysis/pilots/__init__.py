"""Somebody's own interviews: read as fieldwork leaves them, checked, counted and summed up."""
