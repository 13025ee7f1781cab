"""How the waves of one person correlate, as a study file says it, and what cannot be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["ar1", "matrix_of", "smallest_eigenvalue"]


def matrix_of(upper: Sequence[Sequence[float]]) -> np.ndarray:
    """The correlation matrix from the rows of its upper triangle, without the diagonal.

    Examples
    --------
    >>> matrix_of([[0.6, 0.4], [0.7]]).tolist()
    [[1.0, 0.6, 0.4], [0.6, 1.0, 0.7], [0.4, 0.7, 1.0]]
    """
    waves = len(upper) + 1
    found = np.eye(waves)
    for row, values in enumerate(upper):
        found[row, row + 1 :] = found[row + 1 :, row] = values
    return found


def ar1(correlation: float, weeks: Sequence[int]) -> np.ndarray:
    """Correlations that fall by one factor for each stretch of time as long as the first.

    Parameters
    ----------
    correlation
        Of the first two waves.
    weeks
        Of the waves.

    Examples
    --------
    >>> ar1(0.5, [0, 26, 52]).tolist()
    [[1.0, 0.5, 0.25], [0.5, 1.0, 0.5], [0.25, 0.5, 1.0]]
    """
    t = np.asarray(weeks, np.float64)
    apart = np.abs(t[:, None] - t[None, :])
    return correlation ** (apart / (t[1] - t[0])) if t.size > 1 else np.eye(1)


def smallest_eigenvalue(matrix: np.ndarray) -> float:
    """Above zero where the matrix is positive definite, and so a covariance."""
    return float(np.linalg.eigvalsh(matrix)[0])
