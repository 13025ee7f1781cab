"""What an answer depends on: screening, shares of variance, and whether statements survive."""
