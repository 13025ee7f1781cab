"""Whether the analyses of a plan hold their level at the size that is planned."""
