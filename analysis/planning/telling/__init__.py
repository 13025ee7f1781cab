"""A plan in words, pictures and a page."""
