"""Welch's t test: two means of units whose variances differ."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits, fits_of

__all__ = ["welch"]


def welch(first: np.ndarray, second: np.ndarray, level: float) -> Fits:
    """Difference of the means of two sets of units of unequal variance, (B, k) each; NaN unseen.

    Degrees of freedom of Satterthwaite from the estimated variances (Welch 1938).
    """
    mean, variance, df = [], [], []
    for units in (first, second):
        there = np.isfinite(units)
        k = there.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = np.where(there, units, 0).sum(axis=1) / k
            spread = np.where(there, units - centre[:, None], 0) ** 2
            mean.append(centre)
            variance.append(spread.sum(axis=1) / (k - 1) / k)
            df.append(k - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = variance[0] + variance[1]
        both = total**2 / (variance[0] ** 2 / df[0] + variance[1] ** 2 / df[1])
    found = np.isfinite(total) & np.isfinite(both)
    return fits_of(mean[0] - mean[1], np.sqrt(total), np.where(found, both, 1.0), found, level)
