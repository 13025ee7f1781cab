"""Symmetric matrices of a handful of columns, in plain loops.

No BLAS: a batch of replicates then gives the bytes that each replicate gives alone.
"""

import numpy as np
from numba.extending import register_jitable

from sim.world.compiled import inlined

__all__ = ["diagonalise", "factor", "left_solve", "right_solve", "solve_small", "whiten_small"]

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


@inlined
def left_solve(lower: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """Solve L z = right for z, into ``out`` (which may be ``right``)."""
    p = lower.shape[0]
    for i in range(p):
        entry = right[i]
        for k in range(i):
            entry -= lower[i, k] * out[k]
        out[i] = entry / lower[i, i]


@inlined
def right_solve(lower: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """Solve L' x = right for x, into ``out`` (which may be ``right``)."""
    p = lower.shape[0]
    for i in range(p - 1, -1, -1):
        entry = right[i]
        for k in range(i + 1, p):
            entry -= lower[k, i] * out[k]
        out[i] = entry / lower[i, i]


@register_jitable
def solve_small(lower: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    """Solve L L' x = right for x, into ``out`` (which may be ``right``)."""
    left_solve(lower, right, out)
    right_solve(lower, out, out)


@inlined
def whiten_small(lower: np.ndarray, matrix: np.ndarray, out: np.ndarray) -> None:
    """L^-1 matrix L^-T of a symmetric matrix, into ``out``."""
    p = matrix.shape[0]
    for j in range(p):
        left_solve(lower, matrix[j], out[j])
    for j in range(p):
        left_solve(lower, out[:, j], out[:, j])


@inlined
def diagonalise(matrix: np.ndarray, vectors: np.ndarray) -> None:
    """Jacobi's rotations: eigenvalues onto the matrix' diagonal, eigenvectors into columns."""
    p = matrix.shape[0]
    vectors[:] = 0.0
    for j in range(p):
        vectors[j, j] = 1.0
    for _ in range(30):
        beside, along = 0.0, 0.0
        for i in range(p):
            along += matrix[i, i] * matrix[i, i]
            for j in range(i):
                beside += matrix[i, j] * matrix[i, j]
        if not beside > 1e-30 * along:
            return
        for i in range(1, p):
            for j in range(i):
                _rotate(matrix, vectors, i, j)


@inlined
def _rotate(matrix: np.ndarray, vectors: np.ndarray, i: int, j: int) -> None:
    """Turn the plane of two axes so that their common entry becomes zero."""
    if matrix[i, j] == 0.0:
        return
    slope = (matrix[j, j] - matrix[i, i]) / (2.0 * matrix[i, j])
    tangent = 1.0 / (abs(slope) + np.sqrt(slope * slope + 1.0))
    if slope < 0.0:
        tangent = -tangent
    cosine = 1.0 / np.sqrt(tangent * tangent + 1.0)
    sine = tangent * cosine
    p = matrix.shape[0]
    for k in range(p):
        one, other = matrix[k, i], matrix[k, j]
        matrix[k, i], matrix[k, j] = cosine * one - sine * other, sine * one + cosine * other
    for k in range(p):
        one, other = matrix[i, k], matrix[j, k]
        matrix[i, k], matrix[j, k] = cosine * one - sine * other, sine * one + cosine * other
        one, other = vectors[k, i], vectors[k, j]
        vectors[k, i], vectors[k, j] = cosine * one - sine * other, sine * one + cosine * other
