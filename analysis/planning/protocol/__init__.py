"""Texts for a protocol, made from a plan: each section a module, the document in `document`."""
