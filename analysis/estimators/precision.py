"""A mean or a proportion with its interval, for studies that estimate and do not compare."""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.estimators.contract import Fits
from analysis.estimators.designs import one_named
from analysis.estimators.ols import ols
from sim.errors import InputError

__all__ = ["mean", "proportion"]


def mean(y: object, *, level: float = 0.95) -> Fits:
    """Mean of the egos seen, with Student's t on n - 1 degrees of freedom.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Not converged: fewer than two egos seen, or no spread.

    Raises
    ------
    sim.errors.InputError
        As from `ols`.
    """
    values = np.asarray(y, np.float64)
    X = np.ones((values.shape[-1], 1))
    return ols(values, X, [1.0], errors="classical", level=level)


def proportion(y: object, *, interval: str = "wilson", level: float = 0.95) -> Fits:
    """Share of the egos seen who have a trait.

    Parameters
    ----------
    y : array, (B, n)
        0 or 1; NaN = not seen.
    interval : {"wilson", "exact"}
        Wilson's score interval (Wilson 1927), whose coverage averages the level, or Clopper &
        Pearson's (1934), whose coverage never falls below it.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        `se` is the usual sqrt(p (1 - p) / n), 0 if all or nobody have the trait; `df` is infinite;
        `p` is NaN, for there is nothing to test. Not converged: nobody seen.

    Raises
    ------
    sim.errors.InputError
        An unknown interval, an impossible level, an outcome other than 0, 1 or NaN.
    """
    one_named("interval", interval, ("wilson", "exact"))
    if not 0 < level < 1:
        raise InputError(f"a confidence level lies between 0 and 1; this one is {level}")
    values = np.asarray(y, np.float64)
    seen = ~np.isnan(values)
    if values.ndim != 2 or ((values != 0) & (values != 1) & seen).any():
        raise InputError("y is to be an array (B, n) of 0, 1, or NaN where not seen")
    n = seen.sum(axis=1).astype(np.float64)
    n[n == 0] = np.nan
    having = np.where(seen, values, 0.0).sum(axis=1)
    share = having / n
    bounds = _wilson(share, n, level) if interval == "wilson" else _exact(having, n, level)
    infinite, found = np.where(np.isnan(n), np.nan, np.inf), ~np.isnan(n)
    return Fits(
        estimate=share,
        se=np.sqrt(share * (1 - share) / n),
        df=infinite,
        lo=bounds[0],
        hi=bounds[1],
        p=np.full(n.size, np.nan),
        converged=found,
        singular=np.zeros(n.size, bool),
    )


def _wilson(share: np.ndarray, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    z2 = special.ndtri((1 + level) / 2) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * share * (1 - share) / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
    low = np.where(share == 0, 0.0, centre - half)
    return np.where(np.isnan(n), np.nan, low), np.where(share == 1, 1.0, centre + half)


def _exact(having: np.ndarray, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    tail = (1 - level) / 2
    without = n - having
    low = special.betaincinv(np.maximum(having, 1), without + 1, tail)
    high = special.betaincinv(having + 1, np.maximum(without, 1), 1 - tail)
    return np.where(having == 0, 0.0 * n, low), np.where(without == 0, 1.0, high)
