"""Linear mixed model with a random intercept and a random slope per ego, by REML.

y = X b + u0 + u1 t + e, with (u0, u1) normal with any covariance, e ~ N(0, s^2). Inference on one
contrast is by Student's t, with degrees of freedom as in `random_intercept`. An estimated
covariance without full rank (a variance of zero, or a correlation of 1 or -1) is a singular fit,
and as in lme4 a fit all the same; Satterthwaite's degrees of freedom then rest on the parameters
that are left.
"""

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.kernels.descent import FACTOR
from analysis.estimators.kernels.results import SATTERTHWAITE
from analysis.estimators.linear_mixed import (
    components_of,
    fit_rows,
    fits_of_rows,
    method_number,
)
from sim.errors import InputError

__all__ = ["random_slope", "random_slope_variances"]

MOST_WAVES = 30


def random_slope(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    times: np.ndarray,
    *,
    df: str = "kenward-roger",
    level: float = 0.95,
    threads: int = 1,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit the model to each replicate and estimate one contrast.

    Parameters
    ----------
    y : ndarray, (B, n, T)
    X : ndarray, (n, T, p) or (B, n, T, p)
    contrast : ndarray, (p,)
        See `analysis.estimators.contract`.
    times : ndarray, (T,)
        Time t of each wave; the same fit for any unit and origin.
    df : {"kenward-roger", "satterthwaite"}
    level : float
        Of the confidence interval.
    threads : int
        The fits are the same for any number.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Not converged where columns are dependent over the rows seen, where no ego is seen often
        enough to tell slopes from noise, or where the search does not end.

    Raises
    ------
    sim.errors.InputError
        If there are fewer than three times or more than 30, if two are equal, and as
        `random_intercept`.
    """
    covariances, method = _covariances(times, np.shape(y)), method_number(df)
    rows = fit_rows(
        y, X, contrast, covariances, FACTOR, method=method, threads=threads, columns=columns
    )
    return fits_of_rows(rows, level)


def random_slope_variances(
    y: np.ndarray, X: np.ndarray, times: np.ndarray, *, threads: int = 1
) -> np.ndarray:
    """REML estimates, (B, 4), NaN where there is no fit.

    Variance of the intercepts (at time 0), covariance, variance of the slopes, variance within.

    Raises
    ------
    sim.errors.InputError
        As `random_slope`.
    """
    covariances = _covariances(times, np.shape(y))
    contrast = np.ones(np.shape(X)[-1])
    rows = fit_rows(
        y, X, contrast, covariances, FACTOR, method=SATTERTHWAITE, threads=threads, columns=None
    )
    gammas = components_of(rows)
    middle, scale = _origin_and_unit(np.asarray(times, np.float64))
    back = np.array([[1.0, -middle / scale], [0.0, 1 / scale]])
    own = back @ gammas[:, [0, 1, 1, 2]].reshape(-1, 2, 2) @ back.T
    return np.stack([own[:, 0, 0], own[:, 0, 1], own[:, 1, 1], gammas[:, 3]], axis=1)


def _origin_and_unit(times: np.ndarray) -> tuple[float, float]:
    """Times about their middle, with a spread of one, make intercept and slope near independent."""
    return float(times.mean()), float(times.std())


def _covariances(times: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    times = np.asarray(times, np.float64)
    if times.shape != shape[2:] or not 3 <= times.size <= MOST_WAVES:
        raise InputError(
            f"a random slope takes one time for each wave, at 3 to {MOST_WAVES} waves; "
            f"there are {times.size} times for y of shape {shape}"
        )
    if not np.isfinite(times).all() or np.unique(times).size < times.size:
        raise InputError("the times of a random slope are finite and all different")
    middle, scale = _origin_and_unit(times)
    t = (times - middle) / scale
    one = np.ones_like(t)
    both = np.outer(one, t) + np.outer(t, one)
    return np.stack([np.outer(one, one), both, np.outer(t, t), np.eye(t.size)])
