"""How work is done and kept: rows, whose they are, and draws of parameters."""
