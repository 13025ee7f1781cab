"""Welch's t test: two means of units whose variances differ."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits, fits_of

__all__ = ["welch"]


def welch(
    first: np.ndarray,
    second: np.ndarray,
    level: float,
    *,
    least: tuple[np.ndarray | float, np.ndarray | float] = (0.0, 0.0),
    weights: tuple[np.ndarray | float, np.ndarray | float] = (1.0, -1.0),
) -> Fits:
    """Difference of the means of two sets of units of unequal variance, (B, k) each; NaN unseen.

    Degrees of freedom of Satterthwaite from the estimated variances (Welch 1938).

    Parameters
    ----------
    least : tuple of two, (B,) or a number
        What the variance of each mean cannot be less than.
    weights : tuple of two, (B,) or a number
        Of the two means in the estimate.
    """
    sides = [_side(units, least[at], weights[at]) for at, units in enumerate((first, second))]
    (mean, variance, df), (other, its_variance, its_df) = sides
    with np.errstate(invalid="ignore", divide="ignore"):
        total = variance + its_variance
        both = total**2 / (variance**2 / df + its_variance**2 / its_df)
    found = np.isfinite(total) & np.isfinite(both)
    return fits_of(mean + other, np.sqrt(total), np.where(found, both, 1.0), found, level)


def _side(
    units: np.ndarray, least: np.ndarray | float, weight: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What one set adds to the estimate, the variance of that, and its degrees of freedom."""
    there = np.isfinite(units)
    k = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.where(there, units, 0).sum(axis=1) / k
        spread = np.where(there, units - centre[:, None], 0) ** 2
        variance = spread.sum(axis=1) / (k - 1) / k
    return weight * centre, weight**2 * np.maximum(variance, least), k - 1
