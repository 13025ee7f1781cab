"""Least squares of one value a person: on the arm, or of the mean where nobody is compared."""

from __future__ import annotations

import numpy as np

from analysis.estimators.asked import Enquiry, in_first_arm, level
from analysis.estimators.contract import Fits
from analysis.estimators.known import with_known
from analysis.estimators.ols import ols

__all__ = ["on_arm", "one_value"]


def on_arm(treated: np.ndarray) -> np.ndarray:
    """Columns of a mean and of an arm, (n, 2)."""
    return np.stack([np.ones(treated.size), treated.astype(np.float64)], axis=1)


def one_value(
    asked: Enquiry,
    arm: np.ndarray,
    y: np.ndarray,
    covariate: np.ndarray | None = None,
    known: np.ndarray | None = None,
) -> Fits:
    """The difference between arms, or the mean, with classical errors.

    Parameters
    ----------
    asked
        The question.
    arm : ndarray of int, (n,)
        Position of each person's arm.
    y : ndarray, (B, n)
        NaN = not seen.
    covariate : ndarray, (B, n), optional
        What to adjust for.
    known : ndarray, (n, k) or (B, n, k), optional
        What else to adjust for.
    """
    treated = in_first_arm(asked, arm)
    if asked.question.about != "difference":
        X, contrast = np.ones((treated.size, 1)), np.array([1.0])
    else:
        X, contrast = on_arm(treated), np.array([0.0, 1.0])
    if covariate is not None:
        shared = np.broadcast_to(X, (*y.shape, X.shape[1]))
        X = np.concatenate([shared, covariate[:, :, None]], axis=2)
        contrast = np.append(contrast, 0.0)
    if known is not None:
        waves, contrast = with_known(X[..., None, :], contrast, known)
        X = waves[..., 0, :]
    return ols(y, X, contrast, errors="classical", level=level(asked))
