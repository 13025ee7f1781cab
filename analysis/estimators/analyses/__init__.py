"""The analyses there are: every `Analysis` in a file of this folder is in the catalogue."""
