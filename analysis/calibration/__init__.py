"""Fitting parameters of the world to published figures, or to a pilot, with intervals."""
