"""Student's t test of two arms."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.ols import ols

__all__ = ["t_test"]


def t_test(y: object, arm: object, *, level: float = 0.95) -> Fits:
    """Difference between the means of two arms, of one variance, among those seen.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    arm : array, (n,) or (B, n)
        0 or 1.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        As from `ols`.
    """
    outcome = np.asarray(y, np.float64)
    X = in_columns(outcome.shape, 1.0, arm)
    return ols(
        outcome, X, [0.0, 1.0], errors="classical", level=level, columns=["intercept", "arm"]
    )
