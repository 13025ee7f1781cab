"""Symmetric matrices of a handful of columns, in plain loops.

No BLAS: a batch of replicates then gives the bytes that each replicate gives alone.
"""

import numpy as np
from numba.extending import register_jitable

__all__ = ["factor", "left_solve", "solve"]

SMALLEST_PIVOT = 1e-11
"""A pivot below this share of its diagonal counts as zero: the column adds nothing new."""


@register_jitable
def factor(matrix: np.ndarray, lower: np.ndarray) -> bool:
    """Cholesky factor of a symmetric (p, p) matrix, into ``lower``; False if it is singular."""
    p = matrix.shape[0]
    for j in range(p):
        pivot = matrix[j, j]
        for k in range(j):
            pivot -= lower[j, k] * lower[j, k]
        if not pivot > SMALLEST_PIVOT * matrix[j, j]:
            return False
        lower[j, j] = np.sqrt(pivot)
        for i in range(j + 1, p):
            entry = matrix[i, j]
            for k in range(j):
                entry -= lower[i, k] * lower[j, k]
            lower[i, j] = entry / lower[j, j]
    return True


@register_jitable
def left_solve(lower: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """Solve L z = right for z, into ``out`` (which may be ``right``)."""
    p = lower.shape[0]
    for i in range(p):
        entry = right[i]
        for k in range(i):
            entry -= lower[i, k] * out[k]
        out[i] = entry / lower[i, i]


@register_jitable
def solve(lower: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """Solve L L' x = right for x, into ``out`` (which may be ``right``)."""
    p = lower.shape[0]
    left_solve(lower, right, out)
    for i in range(p - 1, -1, -1):
        entry = out[i]
        for k in range(i + 1, p):
            entry -= lower[k, i] * out[k]
        out[i] = entry / lower[i, i]
