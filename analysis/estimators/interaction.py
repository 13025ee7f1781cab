"""By how much two arms differ more for each unit of a moderator, by least squares."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.ols import ols

__all__ = ["interaction"]

COLUMNS = ("intercept", "arm", "moderator", "arm by moderator", "baseline")


def interaction(
    y: object, arm: object, moderator: object, baseline: object = None, *, level: float = 0.95
) -> Fits:
    """The coefficient of arm by moderator, with classical errors.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    arm : array, (n,) or (B, n)
        0 or 1.
    moderator : array, (B, n)
        1 or 0, or any number.
    baseline : array, (B, n), optional
        What to adjust for.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        As from `ols`.
    """
    outcome, x = np.asarray(y, np.float64), np.asarray(moderator, np.float64)
    columns = [1.0, arm, x, np.asarray(arm) * x]
    if baseline is not None:
        columns.append(baseline)
    X = in_columns(outcome.shape, *columns)
    contrast = np.eye(len(columns))[3]
    names = COLUMNS[: len(columns)]
    return ols(outcome, X, contrast, errors="classical", level=level, columns=names)
