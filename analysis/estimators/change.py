"""Change since baseline: between arms (the change score) and within people (the paired t test).

The change score estimates the difference between arms in mean change. In a randomised study that is
the estimand of ANCOVA, found with a larger error unless baseline and outcome correlate perfectly.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.ols import ols
from sim.errors import InputError

__all__ = ["change_score", "change_within"]


def change_score(
    y: object, arm: object, baseline: object, *, errors: str = "HC2", level: float = 0.95
) -> Fits:
    """Difference between arms in mean change from baseline, among complete cases.

    Parameters
    ----------
    y, baseline : array, (B, n)
        NaN = not seen.
    arm : array, (n,) or (B, n)
        0 or 1.
    errors, level
        As for `ols`.

    Returns
    -------
    Fits
        As from `ols`.

    Raises
    ------
    sim.errors.InputError
        As from `ols`.
    """
    change = _change(y, baseline)
    X = in_columns(change.shape, 1.0, arm)
    return ols(change, X, [0.0, 1.0], errors=errors, level=level, columns=["intercept", "arm"])


def change_within(y: object, baseline: object, *, level: float = 0.95) -> Fits:
    """Mean change of those seen twice: the paired t test, on n - 1 degrees of freedom.

    Parameters
    ----------
    y, baseline : array, (B, n)
        NaN = not seen.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Not converged: fewer than two people seen twice, or no spread of changes.

    Raises
    ------
    sim.errors.InputError
        As from `ols`.
    """
    change = _change(y, baseline)
    X = np.ones((change.shape[-1], 1))
    return ols(change, X, [1.0], errors="classical", level=level)


def _change(y: object, baseline: object) -> np.ndarray:
    """Differences, (B, n)."""
    later, earlier = np.asarray(y, np.float64), np.asarray(baseline, np.float64)
    if later.shape != earlier.shape:
        raise InputError(f"y has shape {later.shape}, but baseline {earlier.shape}")
    return later - earlier
