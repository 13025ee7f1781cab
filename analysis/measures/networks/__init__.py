"""Measures of personal networks, over all interviews of a study at once; docs/measures.md."""
