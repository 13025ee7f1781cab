"""Density: ties of all pairs."""

import numpy as np

from analysis.measures.networks.compiled import compiled

__all__ = ["density_of"]


@compiled
def density_of(ties, size):
    """Ties of the n (n - 1) / 2 pairs of n members; nan where there is no pair."""
    return ties / (size * (size - 1) / 2) if size > 1 else np.nan
