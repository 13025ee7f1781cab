"""The change of an outcome regressed on the change of something else, by least squares."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.ols import ols

__all__ = ["change_on_change"]


def change_on_change(change: object, other: object, *, level: float = 0.95) -> Fits:
    """The slope of one change on the other, with classical errors.

    Parameters
    ----------
    change, other : array, (B, n)
        Changes of the outcome and of the other thing; NaN = not seen.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        As from `ols`.
    """
    outcome = np.asarray(change, np.float64)
    X = in_columns(outcome.shape, 1.0, other)
    names = ["intercept", "change of the predictor"]
    return ols(outcome, X, [0.0, 1.0], errors="classical", level=level, columns=names)
