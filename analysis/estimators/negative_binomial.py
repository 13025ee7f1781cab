"""Counts of service contacts: negative binomial regression.

Estimates the log of a rate ratio. Dispersion is the NB2 one, variance mu + alpha mu^2; where the
counts vary no more than Poisson counts would, alpha is 0 and the fit is the Poisson one. Maximum
likelihood makes alpha, and so errors, too small in small samples; the default adjusts it for the
coefficients fitted (Cox & Reid 1987, as McCarthy, Chen & Smyth 2012, doi 10.1093/nar/gks042, do).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.designs import checked_egos, one_named
from analysis.estimators.kernels import counts
from sim.errors import InputError

__all__ = ["negative_binomial"]


def negative_binomial(
    y: object,
    X: object,
    contrast: object,
    *,
    offset: object = 0.0,
    dispersion: str = "adjusted",
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit each replicate to its complete cases.

    Parameters
    ----------
    y : array, (B, n)
        Counts; NaN = not seen.
    X : array, (n, p) or (B, n, p)
    contrast : array, (p,)
    offset : float or array, (n,) or (B, n)
        Log of the time at risk.
    dispersion : {"adjusted", "ml"}
        How alpha is found; "ml" gives the estimates and errors of MASS::glm.nb.
    level : float
        Of the interval.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Errors from the expected information, and Student's t on n - p degrees of freedom, n the
        complete cases. Not converged: an arm or level without any event, a singular design,
        n <= p. Singular: alpha is 0.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a redundant column, outcomes that are no counts.
    """
    one_named("dispersion", dispersion, ("adjusted", "ml"))
    cases, design, direction = checked_egos(y, X, contrast, columns)
    with np.errstate(invalid="ignore"):
        if ((cases < 0) | (cases != np.floor(cases)) & ~np.isnan(cases)).any():
            raise InputError("y is to be counts: 0, 1, 2, ..., or NaN where not seen")
    exposure = np.asarray(offset, np.float64)
    if exposure.shape not in ((), cases.shape, cases.shape[1:]) or not np.isfinite(exposure).all():
        raise InputError(
            f"offset has shape {exposure.shape}; right is a finite number, {cases.shape[1:]} or "
            f"{cases.shape}, finite"
        )
    full = cases.shape if exposure.ndim == 2 else (1, cases.shape[1])
    estimate, se, df, alpha = counts.fit_negative_binomial(
        cases,
        design,
        np.ascontiguousarray(np.broadcast_to(exposure, full)),
        direction,
        dispersion == "adjusted",
    )
    return fits_of(estimate, se, df, np.isfinite(se), level, singular=alpha == 0.0)
