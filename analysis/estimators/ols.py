"""Least squares, one value an ego, with HC2, HC3 or classical errors.

HC3 divides each residual by one minus its leverage (MacKinnon & White 1985,
doi 10.1016/0304-4076(85)90158-7) and is then too cautious in samples of 15 to 30. HC2 divides by
the root of it and takes Satterthwaite's degrees of freedom (Bell & McCaffrey 2002; Imbens &
Kolesar 2016, doi 10.1162/REST_a_00552); for two arms and nothing else its error is Welch's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.designs import checked_egos, checked_weights, one_named
from analysis.estimators.kernels.least_squares import CLASSICAL, HC2, HC3, least_squares

__all__ = ["ERRORS", "ols"]

ERRORS = {"HC2": HC2, "HC3": HC3, "classical": CLASSICAL}


def ols(
    y: object,
    X: object,
    contrast: object,
    *,
    errors: str = "HC2",
    weights: object = None,
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit each replicate by least squares to its complete cases.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    X : array, (n, p) or (B, n, p)
    contrast : array, (p,)
    errors : {"HC2", "HC3", "classical"}
    weights : array, (B, n), optional
        Known weights of the cases; zero leaves a case out.
    level : float
        Of the interval.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Student's t, on n - p degrees of freedom with n the complete cases, or with HC2 on
        Satterthwaite's. Not converged: fewer than p + 1 complete cases, a design that is singular
        among them, an error of zero, and with HC2 or HC3 a case that alone decides its own fitted
        value.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a redundant column, unknown errors, a negative weight.
    """
    one_named("errors", errors, tuple(ERRORS))
    outcome, design, direction = checked_egos(y, X, contrast, columns)
    w = checked_weights(weights, outcome.shape)
    estimate, se, df = least_squares(outcome, design, w, direction, ERRORS[errors])
    return fits_of(estimate, se, df, np.isfinite(se), level)
