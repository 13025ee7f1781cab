"""How work is done and kept: chunks and rows, whose they are, and draws of parameters."""
