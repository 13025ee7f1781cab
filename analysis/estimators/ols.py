"""Least squares, one value an ego, with classical or HC3 errors.

HC3 divides each residual by one minus its leverage (MacKinnon & White 1985,
doi 10.1016/0304-4076(85)90158-7); it is the error to prefer below 250 cases (Long & Ervin 2000,
doi 10.1080/00031305.2000.10474549).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.designs import checked_egos, checked_weights, one_of
from analysis.estimators.kernels.least_squares import least_squares

__all__ = ["ols"]


def ols(
    y: object,
    X: object,
    contrast: object,
    columns: Sequence[str] | None = None,
    *,
    errors: str = "HC3",
    weights: object = None,
    level: float = 0.95,
) -> Fits:
    """Fit each replicate by least squares to its complete cases.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    X : array, (n, p) or (B, n, p)
    contrast : array, (p,)
    columns : sequence of str, optional
        Names of the columns of X, for messages.
    errors : {"HC3", "classical"}
    weights : array, (B, n), optional
        Known weights of the cases; zero leaves a case out.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Student's t on n - p degrees of freedom, n the complete cases. Not converged: fewer than
        p + 1 complete cases, a design that is singular among them, an error of zero, and with HC3
        a case that alone decides its own fitted value.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a redundant column, unknown errors, a negative weight.
    """
    one_of("errors", errors, ("HC3", "classical"))
    outcome, design, direction = checked_egos(y, X, contrast, columns)
    w = None if weights is None else np.asarray(weights, np.float64)[..., None]
    estimate, se, df = least_squares(
        outcome[..., 0],
        np.ascontiguousarray(design[..., 0, :]).reshape(-1, *design[..., 0, :].shape[-2:]),
        checked_weights(w, outcome.shape)[..., 0],
        direction,
        errors == "HC3",
    )
    return fits_of(estimate, se, df, np.isfinite(se), level)
