"""Directions along which a cluster's score adds to the variance of a contrast.

With the information of all clusters factored, C_i is a cluster's share of it, whitened, and the
direction is (I - C_i)^-k times the whitened contrast, k as the errors ask for.
"""

import numpy as np

from analysis.estimators.kernels.small_matrices import diagonalise, whiten_small
from sim.world.compiled import inlined

__all__ = ["KAUERMANN_CARROLL", "MANCL_DEROUEN", "MODEL", "PLAIN", "look_along"]

PLAIN, MANCL_DEROUEN, KAUERMANN_CARROLL, MODEL = 0, 1, 2, 3


@inlined
def _direction(
    whitened: np.ndarray, share: np.ndarray, errors: int, vectors: np.ndarray, out: np.ndarray
) -> bool:
    """(I - C_i)^-k of the whitened contrast, k = 0, 1 or 1/2; False if C_i has an eigenvalue 1."""
    p = whitened.size
    out[:] = whitened
    if errors == PLAIN:
        return True
    diagonalise(share, vectors)
    out[:] = 0.0
    for k in range(p):
        left = 1.0 - share[k, k]
        if not left > 1e-9:
            return False
        along = 0.0
        for h in range(p):
            along += vectors[h, k] * whitened[h]
        along /= left if errors == MANCL_DEROUEN else np.sqrt(left)
        for h in range(p):
            out[h] += vectors[h, k] * along
    return True


@inlined
def look_along(
    lower: np.ndarray, information: np.ndarray, whitened: np.ndarray, errors: int,
    share: np.ndarray, vectors: np.ndarray, along: np.ndarray, part: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """g_i into `along`, C_i g_i into `part`; g_i' C_i g_i and the square of C_i g_i, or NaN."""
    whiten_small(lower, information, share)
    information[:] = share
    if not _direction(whitened, information, errors, vectors, along):
        return np.nan, np.nan
    own, shared = 0.0, 0.0
    for k in range(along.size):
        part[k] = 0.0
        for h in range(along.size):
            part[k] += share[k, h] * along[h]
        own += along[k] * part[k]
        shared += part[k] * part[k]
    return own, shared
