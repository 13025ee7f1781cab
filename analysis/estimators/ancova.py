"""Analysis of covariance: two arms compared at one wave, given each ego's baseline.

Estimates the difference in means at that wave among complete cases; with allocation at random and
values missing at random given arm and baseline that is the difference among all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.ols import ols

__all__ = ["ancova"]


def ancova(
    y: object,
    arm: object,
    baseline: object,
    *covariates: object,
    errors: str = "HC2",
    weights: object = None,
    level: float = 0.95,
) -> Fits:
    """Difference between arms at a wave, by least squares on arm, baseline and covariates.

    Parameters
    ----------
    y, baseline : array, (B, n)
        Outcome at the wave and at baseline; NaN = not seen. Complete cases are analysed.
    arm : array, (n,) or (B, n)
        0 or 1; other numbers make the estimate a slope.
    *covariates : array, (n,) or (B, n)
        Further columns.
    errors, weights, level
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
    outcome = np.asarray(y, np.float64)
    X = in_columns(outcome.shape, 1.0, arm, baseline, *covariates)
    return ols(
        outcome,
        X,
        np.eye(X.shape[-1])[1],
        errors=errors,
        weights=weights,
        level=level,
        columns=column_names(len(covariates)),
    )


def column_names(covariates: int) -> Sequence[str]:
    """Names of the columns of the design, for messages."""
    return ["intercept", "arm", "baseline", *(f"covariate {k + 1}" for k in range(covariates))]
